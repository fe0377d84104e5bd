"""Every write of the exchange with other systems."""
