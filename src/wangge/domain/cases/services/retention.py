"""Contact data is kept no longer than its fields declare."""

from datetime import timedelta

from wangge.domain.access.actor import System
from wangge.domain.access.persons import forget
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Contact
from wangge.domain.cases.queries.purposes import kept_about_reporters
from wangge.platform import clock


def forget_contacts() -> int:
    """Delete the contacts of cases that ended longer ago than the shortest declared retention; returns how many."""
    days = min(kind.retention_days for kind in kept_about_reporters())
    with acting_as(System("end of retention")):
        ended = Contact.objects.filter(
            case__ended=True, case__closed_at__lt=clock.now() - timedelta(days=days)
        )
        forget("contact", list(ended.values_list("pk", flat=True)))
        count: int = ended.delete()[0]
        return count
