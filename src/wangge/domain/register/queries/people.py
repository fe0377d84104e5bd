"""What hangs on the people of a household that were shown: details and care that run, merges that can be undone."""

from dataclasses import dataclass, field

from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.register.models import CareNeed, Detail, Household, Merge, Resident


@dataclass(frozen=True, slots=True)
class Hanging:
    """Of one resident: values kept for services, and how much care runs. Neither is disclosed here."""

    details: list[Detail] = field(default_factory=list)
    care: list[CareNeed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shown:
    """By resident."""

    by_resident: dict[int, Hanging]
    merges: list[Merge]

    def of(self, resident_id: int) -> Hanging:
        return self.by_resident.get(resident_id, Hanging())


def shown_household(actor: Actor, household: Household, people: list[Resident]) -> Shown:
    """What hangs on these people, inside the actor's ring (3 statements)."""
    ids = [one.pk for one in people]
    found = {pk: Hanging() for pk in ids}
    with acting_as(actor):
        for detail in Detail.objects.filter(resident_id__in=ids).defer("value").order_by("pk"):
            found[detail.resident_id].details.append(detail)
        for care in CareNeed.objects.filter(resident_id__in=ids, ended_on__isnull=True).defer("kind", "asks"):
            found[care.resident_id].care.append(care)
        merges = list(Merge.objects.filter(kept_id__in=ids, undone_at__isnull=True).order_by("-pk"))
    return Shown(found, merges)
