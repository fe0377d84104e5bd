"""Process definitions in the database: published versions, read often, never changed."""

import tomllib
from functools import lru_cache
from importlib import resources

from django.db import connection

from wangge.domain.cases.models import Process, ProcessDraft
from wangge.domain.cases.vocabulary import VOCABULARY
from wangge.engines.flow import Definition, check
from wangge.platform import clock
from wangge.platform.errors import Invalid
from wangge.platform.fresh import fresh_for

CASE = "case"


@lru_cache(maxsize=64)
def definition_of(process_id: int) -> Definition:
    """The definition of a published version; a version never changes, so it stays in memory."""
    return Definition.from_data(Process.objects.get(pk=process_id).definition)


@fresh_for(2)
def newest(key: str = CASE) -> Process:
    """The version that new cases begin with (1 statement, kept 2 s)."""
    return Process.objects.filter(key=key).defer("definition").latest("version")


@fresh_for(20)
def in_use() -> tuple[int, ...]:
    """Versions that cases with something left to do follow, the newest first (1 statement, kept 20 s).

    The cases of a version are not counted: one is looked for in an index of those that count.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id FROM cases_process p WHERE EXISTS (SELECT 1 FROM cases_case c WHERE c.process_id = p.id"
            " AND (NOT c.ended OR c.appeal_stage IN (1, 2))) ORDER BY p.version DESC"
        )
        return tuple(row[0] for row in cursor.fetchall())


def definitions_in_use() -> tuple[tuple[int, Definition], ...]:
    """The newest version and the older ones that open cases still follow, as (id, definition), the newest first."""
    present = newest().pk
    return tuple((pk, definition_of(pk)) for pk in (present, *(pk for pk in in_use() if pk != present)))


def publish(
    definition: Definition,
    user_id: int | None = None,
    *,
    origin: Process.Origin = Process.Origin.BUILT_IN,
    note: str = "",
) -> Process:
    """Check a definition and make it the newest version; raises Invalid with every problem found."""
    problems = check(definition, VOCABULARY)
    if problems:
        raise Invalid({problem.where: problem.text for problem in problems})
    last = Process.objects.filter(key=definition.key).order_by("-version").first()
    if last and last.definition == definition.to_data():
        return last
    newest.forget()
    return Process.objects.create(
        key=definition.key,
        version=last.version + 1 if last else 1,
        definition=definition.to_data(),
        published_at=clock.now(),
        published_by_id=user_id,
        origin=origin,
        note=note,
    )


@lru_cache(maxsize=1)
def built_in() -> Definition:
    """The case process that comes with the product."""
    text = resources.files("wangge.domain.cases.processes").joinpath("case.toml").read_text(encoding="utf-8")
    return Definition.from_data(tomllib.loads(text))


def publish_built_in() -> Process:
    """At setup: the built-in process becomes the newest version where the newest is an untouched built-in one;
    an installation that edited its process is offered the changes as a draft instead.
    """
    found = Process.objects.filter(key=CASE).order_by("-version").first()
    if found and found.origin == Process.Origin.EDITED:
        return found
    return publish(built_in())


def has_update() -> bool:
    """Whether the product's own process is news to an installation with one of its own (at most 3 statements)."""
    data = built_in().to_data()
    if newest().origin == Process.Origin.BUILT_IN:
        return False
    known = Process.objects.filter(key=CASE, definition=data).exists()
    return not known and not ProcessDraft.objects.filter(steps__number=0, steps__data=data).exists()
