"""Codes and names: divisions, grids, facilities, matters, receipts and cases."""

from wangge.engines.codes.case_number import CaseNumber, case_number
from wangge.engines.codes.division import CommunityKind, DivisionCode, Level, StreetKind
from wangge.engines.codes.errors import CodeError
from wangge.engines.codes.grid import SCHEMES, GridScheme
from wangge.engines.codes.names import initials, short_name, stem
from wangge.engines.codes.objects import ComponentCode, MatterClassCode
from wangge.engines.codes.receipt import hash_receipt_code, new_receipt_code, normalise_receipt_code

__all__ = [
    "SCHEMES",
    "CaseNumber",
    "CodeError",
    "CommunityKind",
    "ComponentCode",
    "DivisionCode",
    "GridScheme",
    "Level",
    "MatterClassCode",
    "StreetKind",
    "case_number",
    "hash_receipt_code",
    "initials",
    "new_receipt_code",
    "normalise_receipt_code",
    "short_name",
    "stem",
]
