"""Random numbers of our own, so that a seed gives the same plan on every machine and with every numba."""

import numpy as np
from numba import njit, uint64

from wangge.engines.partition.kernels.arrays import Words


@njit(cache=True, nogil=True, inline="always")
def draw(state: Words) -> int:
    """The next 64 random bits (splitmix64, Steele, Lea and Flood 2014); `state` is one uint64, changed."""
    state[0] += uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> uint64(27))) * uint64(0x94D049BB133111EB)
    return z ^ (z >> uint64(31))


@njit(cache=True, nogil=True, inline="always")
def below(state: Words, n: int) -> np.int64:
    """A random whole number from 0 to n - 1, n under 2**31."""
    return np.int64(((draw(state) >> uint64(32)) * uint64(n)) >> uint64(32))


@njit(cache=True, nogil=True, inline="always")
def fraction(state: Words) -> float:
    """A random number from 0 to 1, 1 excluded."""
    return np.float64(draw(state) >> uint64(11)) * (1.0 / 9007199254740992.0)
