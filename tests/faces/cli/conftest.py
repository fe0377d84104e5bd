"""A database of its own for commands that work on whole databases."""

from alone import own_database as own_database
