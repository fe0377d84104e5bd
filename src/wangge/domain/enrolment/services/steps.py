"""What the person says between the worker's steps: which columns, go, pause, go on, stop."""

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from wangge.domain.access.actor import Actor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.enrolment import columns as naming
from wangge.domain.enrolment.models import ColumnMemory, Enrolment, EnrolmentRow, Outcome, State
from wangge.domain.enrolment.services.staging import must_enrol
from wangge.domain.sheets import steps as sheets
from wangge.platform import clock
from wangge.platform.errors import Invalid

STEP = System("enrolment")


@transaction.atomic
def set_columns(actor: Actor, enrolment_id: int, columns: dict[str, int]) -> Enrolment:
    """Say which column is what, remember it for the unit, and begin the check. Raises Invalid by field."""
    batch = lock(actor, enrolment_id, State.COLUMNS, State.CHECKED)
    if wrong := naming.wrong_columns(columns):
        raise Invalid(wrong)
    with acting_as(STEP):
        batch.columns = columns
        sheets.begin(batch, State.CHECKING, batch.rows.count())
        if batch.unit_id:
            _remember(batch.unit_id, batch.header, columns)
    tell_worker(batch)
    return batch


@transaction.atomic
def confirm(actor: Actor, enrolment_id: int) -> Enrolment:
    """Let the good rows be registered. Sent again while it runs, nothing changes."""
    batch = lock(actor, enrolment_id, State.CHECKED, State.MERGING, State.PAUSED, State.DONE)
    if batch.state == State.CHECKED:
        with acting_as(STEP):
            good = EnrolmentRow.objects.filter(batch=batch, outcome=Outcome.GOOD).count()
            if not good:
                raise Invalid({"rows": _("没有可以导入的行。")})
            sheets.begin(batch, State.MERGING, good)
        tell_worker(batch)
    return batch


@transaction.atomic
def pause(actor: Actor, enrolment_id: int) -> Enrolment:
    """Stop between two portions; what is registered stays, the rest waits."""
    batch = lock(actor, enrolment_id, State.MERGING, State.PAUSED)
    _set(batch, State.PAUSED)
    return batch


@transaction.atomic
def resume(actor: Actor, enrolment_id: int) -> Enrolment:
    """Go on where it was paused."""
    batch = lock(actor, enrolment_id, State.PAUSED, State.MERGING)
    if batch.state == State.PAUSED:
        _set(batch, State.MERGING)
    tell_worker(batch)
    return batch


@transaction.atomic
def cancel(actor: Actor, enrolment_id: int) -> Enrolment:
    """Stop: who is registered stays, all other rows are deleted."""
    running = (State.COLUMNS, State.CHECKING, State.CHECKED, State.MERGING, State.PAUSED, State.CANCELLED)
    batch = lock(actor, enrolment_id, *running)
    with acting_as(STEP):
        batch.rows.all().delete()
        batch.ended_at = clock.now()
        batch.state = State.DONE if batch.enrolled.exists() else State.CANCELLED
        batch.save(update_fields=["state", "ended_at"])
    return batch


def lock(actor: Actor, enrolment_id: int, *states: State) -> Enrolment:
    """The actor's list, locked; NotFound for another's, Conflict in another state."""
    must_enrol(actor)
    return sheets.lock(Enrolment, STEP, actor, enrolment_id, states)


def tell_worker(batch: Enrolment) -> None:
    """The present step is to be carried out; one list is worked on once at a time."""
    task = app.configure_task("enrolment.run", lock=f"enrolment {batch.pk}")
    task.defer(enrolment_id=batch.pk, state=str(batch.state))


def _set(batch: Enrolment, state: State) -> None:
    with acting_as(STEP):
        batch.state = state
        batch.save(update_fields=["state"])


def _remember(unit_id: int, header: list[str], columns: dict[str, int]) -> None:
    fields = {at: field for field, at in columns.items()}
    said = {naming.memory_of(name): fields.get(at, "") for at, name in enumerate(header) if name}
    ColumnMemory.objects.bulk_create(
        [ColumnMemory(unit_id=unit_id, name=name, field=field) for name, field in said.items()],
        update_conflicts=True,
        unique_fields=["unit", "name"],
        update_fields=["field"],
    )
