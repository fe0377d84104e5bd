"""What a record must look like before it is kept, and how pieces of a file join. Pure."""

import hashlib
import re
import uuid
from dataclasses import dataclass
from typing import Any

from wangge.platform import sounds

LONGEST_PAYLOAD = 100_000
MOST_RECORDS = 200
MOST_HOLDING = 1000
MOST_FILES = 20
MOST_FILE_BYTES = 10 * 1024 * 1024
MOST_CHUNK_BYTES = 256 * 1024
# Of whom a phone takes names along: who waits at a door today.
MOST_HOUSEHOLDS = 30
# Published forms: each stays accepted, so that a phone with yesterday's app still delivers.
FORMS = {
    "report-1": "report",
    "move-1": "move",
    "note-1": "note",
    "visit-1": "visit",
    "diary-1": "diary",
    "shift-1": "shift",
    "patch-1": "patch",
    "care-1": "care",
    "minutes-1": "minutes",
    "agreed-1": "agreed",
}
# They name a person: encrypted while they wait, emptied as soon as they ended, read by nobody in between.
OF_PERSONS = frozenset({"care-1"})
# Their subject is a case, whose present state is told with a refusal.
OF_CASES = frozenset({"move-1", "note-1", "patch-1"})
TYPES = ("image/jpeg", "image/png", "image/webp", *sounds.TYPES)
_HASH = re.compile(r"[0-9a-f]{64}")
_SUBJECT = re.compile(r"[0-9A-Za-z-]{0,40}")


class Malformed(ValueError):
    """A record that cannot be kept: its text says why, for a programmer."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A record as it came, checked."""

    id: uuid.UUID
    kind: str
    form: str
    subject: str
    after: uuid.UUID | None
    payload: str
    sha256: str
    files: list[dict[str, Any]]


def arrived(given: Any) -> Arrived:
    """The record in `given`; raises Malformed."""
    if not isinstance(given, dict):
        raise Malformed("a record is an object")
    record_id, payload, sha = _uuid(given.get("id")), given.get("payload"), given.get("sha256")
    if record_id is None:
        raise Malformed("id is no UUID")
    if FORMS.get(given.get("form", "")) != given.get("kind"):
        raise Malformed("kind and form are not known")
    if not isinstance(payload, str) or len(payload) > LONGEST_PAYLOAD or "\0" in payload:
        raise Malformed("payload is no text of the allowed length")
    if not is_hash(sha) or hashlib.sha256(payload.encode("utf-8", "surrogatepass")).hexdigest() != sha:
        raise Malformed("sha256 is not that of the payload")
    subject, after = given.get("subject") or "", given.get("after")
    if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
        raise Malformed("subject is no id")
    if after is not None and _uuid(after) is None:
        raise Malformed("after is no UUID")
    return Arrived(
        record_id, given["kind"], given["form"], subject, _uuid(after), payload, str(sha), _files(given)
    )


def _files(given: dict[str, Any]) -> list[dict[str, Any]]:
    files = given.get("files") or []
    if not isinstance(files, list) or len(files) > MOST_FILES:
        raise Malformed("too many files")
    for file in files:
        if not isinstance(file, dict) or not is_hash(file.get("sha256")):
            raise Malformed("a file has no hash")
    return [{"sha256": file["sha256"]} for file in files]


def is_hash(text: Any) -> bool:
    return isinstance(text, str) and bool(_HASH.fullmatch(text))


def _uuid(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


def joined(have: list[list[int]], begin: int, end: int) -> list[list[int]]:
    """The pieces with one more, those that touch made one, in order."""
    pieces: list[list[int]] = []
    for first, last in sorted([*have, [begin, end]]):
        if pieces and first <= pieces[-1][1]:
            pieces[-1][1] = max(pieces[-1][1], last)
        else:
            pieces.append([first, last])
    return pieces
