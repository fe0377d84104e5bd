"""What is kept about a reporter, as the fields themselves declare it."""

from dataclasses import dataclass

from wangge.domain.cases.models import Contact
from wangge.platform.personal import PersonalTextField


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of personal data with its stated purpose, legal basis and retention."""

    data_class: str
    purpose: str
    basis: str
    retention_days: int


def kept_about_reporters() -> list[Kept]:
    """Every personal field of a reporter's contact, in the order of the form."""
    declared = [
        field.declaration for field in Contact._meta.get_fields() if isinstance(field, PersonalTextField)
    ]
    return [Kept(d.data_class, d.purpose, d.basis, d.retention_days) for d in declared]
