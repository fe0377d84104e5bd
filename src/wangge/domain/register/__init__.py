"""Who lives and works where: the least that a service needs, each look at it written down."""
