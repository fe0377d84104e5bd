"""Every write of the diary and of visits."""
