"""What is wrong with a code, in words for the person who typed it."""


class CodeError(ValueError):
    """A code that cannot be; the message names the code, the place in it and what was expected."""
