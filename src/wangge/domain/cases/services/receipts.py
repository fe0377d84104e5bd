"""Receipt codes: made from the report's key and our secret, kept only as a hash."""

import hashlib
import hmac
import uuid
from random import Random

from wangge.engines.codes import hash_receipt_code, new_receipt_code
from wangge.platform.personal import derived_key


def receipt_code(key: uuid.UUID) -> str:
    """The receipt code of a report: follows from its key and our secret, so a repeat shows the same code."""
    digest = hmac.new(derived_key("receipt codes"), key.bytes, hashlib.sha256).digest()
    return new_receipt_code(Random(digest))  # noqa: S311 - the digest is the secret


def receipt_hash(code: str) -> str:
    """What the database keeps of a receipt code; raises CodeError for a mistyped one."""
    return hash_receipt_code(code, derived_key("receipt hashes"))
