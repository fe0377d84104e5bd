"""Every read of cases that a face needs; each says how many statements it costs."""
