"""Drafts of the rules: collected changes, tried on past cases, published together from a day on."""
