"""Receipt codes: what a resident keeps in hand to follow a report without an account.

Ten symbols of a 32-letter alphabet without look-alikes (I, L, O, U are missing): nine at random
(45 bits) and a check symbol. The check is a weighted sum over the field of 32 elements with ten different
weights, so that it catches every single wrong symbol and every swap of two symbols.
"""

import hashlib
import hmac
import unicodedata
from random import Random, SystemRandom

from wangge.engines.codes.errors import CodeError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_DATA = 9
_LONGEST_INPUT = 40
_SHORTEST_KEY = 16


def new_receipt_code(rng: Random | None = None) -> str:
    """A code such as "K7M2-9QXF-3T", from the system's randomness unless a generator is given."""
    bits = (rng or SystemRandom()).getrandbits(5 * _DATA)
    values = [bits >> 5 * place & 31 for place in range(_DATA)]
    return _written([*values, _check_value(values)])


def normalise_receipt_code(text: str) -> str:
    """The code as it was given out, whatever the case, spaces, dashes, full width, O for 0 or I for 1.

    Raises CodeError for what cannot be a receipt code.
    """
    if len(text) > _LONGEST_INPUT:
        raise CodeError("receipt code: too long")
    plain = unicodedata.normalize("NFKC", text).upper()
    symbols = [c for c in plain if not c.isspace() and unicodedata.category(c) != "Pd"]
    strange = next((c for c in symbols if c not in _VALUE), None)
    if strange is not None:
        raise CodeError(f"receipt code: {strange!r} is never part of one")
    if len(symbols) != _DATA + 1:
        raise CodeError(f"receipt code: it has {_DATA + 1} symbols, not {len(symbols)}")
    values = [_VALUE[c] for c in symbols]
    if _check_value(values[:_DATA]) != values[_DATA]:
        raise CodeError("receipt code: a symbol is wrong or two are swapped")
    return _written(values)


def hash_receipt_code(code: str, key: bytes) -> str:
    """HMAC-SHA256 of the normalised code, 64 hex digits: what a database may keep to find a case.

    Raises CodeError for a wrong code and ValueError for a key under 16 bytes.
    """
    if len(key) < _SHORTEST_KEY:
        raise ValueError(f"the key has {len(key)} bytes; at least {_SHORTEST_KEY} are needed")
    return hmac.new(key, normalise_receipt_code(code).encode("ascii"), hashlib.sha256).hexdigest()


def _written(values: list[int]) -> str:
    text = "".join(ALPHABET[value] for value in values)
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def _check_value(values: list[int]) -> int:
    # Horner's rule with x as the step: the weights are x^9 ... x^1, the check itself has x^0.
    total = 0
    for value in values:
        total = _times_x(total ^ value)
    return total


def _times_x(value: int) -> int:
    """Multiply by x in GF(2)[x] / (x^5 + x^2 + 1), where the powers of x take all 31 values but 0."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value
