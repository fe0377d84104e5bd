"""A database of its own for servers that are processes of their own."""

from alone import own_database as own_database
