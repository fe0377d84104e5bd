"""Every write of plans: asking, searching, editing by hand, naming, publishing."""

from wangge.domain.access.actor import System

PLANNING = System("plans of grids")
