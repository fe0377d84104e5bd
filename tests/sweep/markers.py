"""A marker in every text of every row, and the rules of who may be shown which."""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.http import HttpResponseBase

from casework import TESTS
from pdftext import pages_of
from rings import WALL
from wangge.domain.access.actor import Actor, AnyActor, Role
from wangge.domain.access.policy import INTERNAL
from wangge.domain.access.scope import acting_as
from wangge.platform.personal import PersonalTextField

MARKER = re.compile(r"qx\d{5}xq")
_LENGTH = len("qx00000xq")

# Keys, hashes and names of things in the code: a marker would make the row another row.
NO_TEXT = {
    "access.Post": {"role"},
    "access.ReadLog": {"role", "channel", "person"},
    "access.LookDay": {"digest", "mac"},
    "access.LookHead": {"hash"},
    "access.PersonKey": {"kind"},
    "register.CareNeed": {"kind"},
    "register.Correction": {"proposed"},
    "register.Detail": {"need"},
    "register.HomeCheck": {"faults"},
    "register.Merge": {"filled", "moved"},
    "register.PhoneCode": {"mark"},
    "access.Unit": {"duty"},
    "access.User": {"password", "first_view"},
    "boards.PrintRun": {"links", "language"},
    "exports.ListFile": {"asked", "language"},
    "field.Device": {"told", "before"},
    "field.Record": {"kind", "form", "subject", "sha256", "files", "language", "state"},
    "field.Aside": {"sha256", "form"},
    "field.Upload": {"sha256", "type", "have"},
    "bulk.Run": {"move", "lines"},
    "planning.Plan": {"language", "problem", "units"},
    "planning.Alternative": {"aim", "found", "faults", "names"},
    "cases.Case": {"fingerprint", "number", "receipt_hash", "state", "level", "area_path"},
    "cases.CaseEvent": {"move", "source", "target", "actor_kind", "role", "reason"},
    "cases.Photo": {"file", "sha256"},
    "cases.Sound": {"file", "sha256", "type"},
    "cases.Process": {"key", "definition"},
    "cases.Responsibility": {"duty", "when"},
    "cases.Serial": {"district"},
    "cases.Support": {"state"},
    "catalogue.Condition": {"unit", "level", "procedure", "proof"},
    "catalogue.Matter": {"code", "group_code", "lead_role", "legacy_code"},
    "catalogue.Revision": {"subject", "before", "after"},
    "cases.ProcessDraft": {"process", "data"},
    "cases.DraftStep": {"what", "data"},
    "cases.Simulation": {"digest", "result"},
    "exchange.Answer": {"fingerprint", "body"},
    "exchange.Client": {"role"},
    "exchange.Delivery": {"topic", "body"},
    "exchange.Token": {"prefix", "hash"},
    "exchange.Usage": {"operation"},
    "exchange.Webhook": {"url"},
    "enrolment.Enrolment": {"header", "columns", "unread"},
    "enrolment.EnrolmentRow": {"words", "problems"},
    "enrolment.ColumnMemory": {"name", "field"},
    "orders.Order": {"source", "number", "digest"},
    "orders.OrderImport": {"layout", "header", "columns", "source"},
    "orders.OrderRow": {"words"},
    "office.HandOver": {"key", "reason", "state"},
    "office.HandOverLine": {"kind", "facts"},
    "office.Notice": {"kind", "dedupe", "params"},
    "rulebook.DraftChange": {"subject", "values", "base"},
    "rulebook.Simulation": {"result"},
    "rulebook.Upload": {"rows"},
    "places.Area": {"code", "path", "level"},
    "places.AreaChange": {"kind", "plan"},
    "places.AreaVersion": {"code", "path"},
    "places.GridCodeScheme": {"key", "pattern"},
    "places.LocalCode": {"code"},
    "places.Succession": {"kind"},
    "places.Facility": {"code"},
    "places.DwellingBatch": {"pattern"},
}
# Reference data by the thousand: a marker in some rows is enough.
_MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Planted:
    """Where a marker stands."""

    label: str
    row: Any
    column: str
    personal: bool

    def __str__(self) -> str:
        return f"{self.label}({self.row.pk}).{self.column}"


def plant() -> dict[str, Planted]:
    """Write a marker into every text of the domain; as the tables' owner, in the present transaction."""
    planted: dict[str, Planted] = {}
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        for model in apps.get_models():
            if model.__module__.startswith("wangge.domain"):
                _plant_in(model, planted)
        cursor.execute("SET LOCAL ROLE wangge_web")
    return planted


def _plant_in(model: Any, planted: dict[str, Planted]) -> None:
    table, label = model._meta.db_table, model._meta.label
    fields = [field for field in model._meta.concrete_fields if _is_text(field, label)]
    with acting_as(TESTS), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        above = [
            field.name for field in model._meta.fields if field.name in ("area", "case", "handover", "batch")
        ]
        for row in model._base_manager.select_related(*above).order_by("-pk")[:_MOST_ROWS]:
            for field in fields:
                marker = f"qx{len(planted):05}xq"
                planted[marker] = Planted(label, row, field.name, isinstance(field, PersonalTextField))
                setattr(row, field.name, _with(getattr(row, field.name), marker, field))
            if fields:
                row.save(update_fields=[field.name for field in fields])
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _is_text(field: Any, label: str) -> bool:
    if field.name in NO_TEXT.get(label, ()) or field.choices or field.primary_key:
        return False
    if isinstance(field, models.JSONField | PersonalTextField):
        return True
    text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.SlugField)
    return text and (field.max_length or 999) >= _LENGTH


def _with(value: Any, marker: str, field: Any) -> Any:
    if isinstance(field, models.JSONField):
        return {**(value or {}), "planted": marker} if isinstance(value, dict | None) else value
    if isinstance(field, models.EmailField):
        return f"{marker}@example.org"
    room = (field.max_length or 999) - len(marker)
    return f"{(value or '')[:room]}{marker}"


def texts(answer: HttpResponseBase) -> str:
    """Everything an answer holds, headers and the inside of packed files included."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            body = b"\n".join(file.read(name) for name in file.namelist())
    if body[:4] == b"%PDF":
        body += "\n".join(page.words for page in pages_of(body)).encode()
    return headers + body.decode("utf-8", "replace")


def found(text: str, planted: dict[str, Planted]) -> list[Planted]:
    return [planted[marker] for marker in sorted(set(MARKER.findall(text))) if marker in planted]


def _administers(actor: AnyActor) -> bool:
    return isinstance(actor, Actor) and actor.has(Role.ADMINISTRATOR)


def may_be_shown(actor: AnyActor, where: Planted) -> bool:
    """Whether any page may show this text to this person."""
    if where.personal or where.label == "access.ReadLog":
        # A contact is disclosed by a POST that is written down, never by opening a page.
        return (
            where.label == "access.ReadLog" and isinstance(actor, Actor) and actor.has(Role.PRIVACY_OFFICER)
        )
    if where.label == "field.Record" and where.column == "problem" and _administers(actor):
        # Why a record of a phone could not be carried out; not what stood in it.
        return True
    if where.label.startswith("exchange.") and isinstance(actor, Actor) and actor.has(Role.ADMINISTRATOR):
        # The page of a client says why its deliveries failed.
        return True
    if where.label in WALL:
        return WALL[where.label](actor, where.row)
    if where.label == "access.User":
        own = isinstance(actor, Actor) and where.row.pk == actor.user_id
        staff = isinstance(actor, Actor) and where.column == "name"
        return own or staff or (isinstance(actor, Actor) and actor.has(Role.ADMINISTRATOR))
    if where.label in INTERNAL:
        return isinstance(actor, Actor) and actor.has(Role.ADMINISTRATOR)
    if not isinstance(actor, Actor):
        return where.label.partition(".")[0] in ("places", "catalogue") or where.label == "access.Unit"
    return True
