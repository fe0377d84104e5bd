"""The demo's world: a generated town, invented people, written situations. Pure and seeded, no database."""
