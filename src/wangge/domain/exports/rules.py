"""How long a list may be, and for how long it is kept."""

# Written while the reader waits: less than half a second. Longer ones are the worker's.
AT_ONCE = 2_000
MOST = 20_000
KEPT_DAYS = 1
