"""Long lists of cases to take along, written by the worker."""
