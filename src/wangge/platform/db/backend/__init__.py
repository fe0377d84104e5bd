"""Django's ENGINE: its PostgreSQL backend with prepared statements and a check of the connection that costs none."""
