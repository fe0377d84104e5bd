"""The town, its people and cases are those of the scene."""

from scene import cases as cases
from scene import people as people
from scene import town as town
