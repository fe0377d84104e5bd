"""Sizes of text and of what surrounds it, in pixels."""

NAME_SIZE = 14
SMALL_SIZE = 11

# Rows sit on a grid of 8: ports on right sides at 0, on left sides at 4, passages at 2 or 6, so that two
# level lines that meet in one gutter never lie on each other.
GRID = 8
ROW = 16


def text_width(text: str, size: int) -> float:
    """Chinese characters are as wide as high, others a little over half."""
    return sum(size if ord(char) > 0x2E7F else size * 0.58 for char in text)


def on_grid(value: float) -> int:
    """The next multiple of the grid from here on."""
    return int(-(-value // GRID)) * GRID
