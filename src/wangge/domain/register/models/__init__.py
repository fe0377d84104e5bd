"""Tables of the register."""

from wangge.domain.register.models.care import Applicant, CareKind, CareNeed, ConsentWay
from wangge.domain.register.models.homes import CHECK_ITEMS, CheckState, HomeCheck, Tenancy
from wangge.domain.register.models.leave import Errand, Grant
from wangge.domain.register.models.organisations import Organisation, OrganisationKind
from wangge.domain.register.models.people import (
    Detail,
    DetailKind,
    Household,
    Merge,
    NameMark,
    Relation,
    Residence,
    Resident,
    Stay,
)
from wangge.domain.register.models.rights import Correction, PhoneCode

__all__ = [
    "CHECK_ITEMS",
    "Applicant",
    "CareKind",
    "CareNeed",
    "CheckState",
    "ConsentWay",
    "Correction",
    "Detail",
    "DetailKind",
    "Errand",
    "Grant",
    "HomeCheck",
    "Household",
    "Merge",
    "NameMark",
    "Organisation",
    "OrganisationKind",
    "PhoneCode",
    "Relation",
    "Residence",
    "Resident",
    "Stay",
    "Tenancy",
]
