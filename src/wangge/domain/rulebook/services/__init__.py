"""Every write of a draft. Each takes the actor and runs in one transaction."""
