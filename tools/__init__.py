"""What dev.py does; only environment.py and frontend.py may run before the packages are installed."""
