"""What is no longer needed of records that ended."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from wangge.domain.access.scope import acting_as
from wangge.domain.field.models import Aside, Record, RecordState, Upload
from wangge.domain.field.services.keeping import FIELD
from wangge.domain.field.services.uploads import path_of
from wangge.platform import clock

# Long enough that every phone has asked for its receipt.
FILES_KEPT = timedelta(days=7)
WORDS_KEPT = timedelta(days=30)


def forget() -> int:
    """Delete files a week after they came, unless a record still waits for them, and the words of what was done, or looked
    at by a person, a month ago; id and hash stay, so that the same record is known again. Returns how many files went."""
    now = clock.now()
    with transaction.atomic(), acting_as(FIELD):
        old_done = Q(state=RecordState.DONE, ended_at__lt=now - WORDS_KEPT)
        seen = Q(looked_at__lt=now - WORDS_KEPT)
        Record.objects.filter(old_done | seen).exclude(payload="").update(payload="", differs=None)
        Aside.objects.filter(seen).exclude(payload="").update(payload="")
        waiting = Record.objects.filter(state=RecordState.WAITING).values_list("files", flat=True)
        needed = {file["sha256"] for files in waiting for file in files}
        old = Upload.objects.filter(begun_at__lt=now - FILES_KEPT).exclude(sha256__in=needed)
        for user_id, sha256 in old.values_list("user_id", "sha256"):
            path_of(user_id, sha256).unlink(missing_ok=True)
        count: int = old.delete()[0]
        return count
