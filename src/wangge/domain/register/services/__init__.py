"""Every write of the register; each takes the actor and runs in one transaction."""
