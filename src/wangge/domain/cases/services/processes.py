"""Process definitions in the database: published versions, read often, never changed."""

import tomllib
from functools import lru_cache
from importlib import resources

from wangge.domain.cases.models import Process
from wangge.domain.cases.vocabulary import VOCABULARY
from wangge.engines.flow import Definition, check
from wangge.platform import clock
from wangge.platform.errors import Invalid

CASE = "case"


@lru_cache(maxsize=64)
def definition_of(process_id: int) -> Definition:
    """The definition of a published version; a version never changes, so it stays in memory."""
    return Definition.from_data(Process.objects.get(pk=process_id).definition)


def newest(key: str = CASE) -> Process:
    """The version that new cases begin with."""
    return Process.objects.filter(key=key).latest("version")


def publish(definition: Definition, user_id: int | None = None) -> Process:
    """Check a definition and make it the newest version; raises Invalid with every problem found."""
    problems = check(definition, VOCABULARY)
    if problems:
        raise Invalid({problem.where: problem.text for problem in problems})
    last = Process.objects.filter(key=definition.key).order_by("-version").first()
    if last and last.definition == definition.to_data():
        return last
    return Process.objects.create(
        key=definition.key,
        version=last.version + 1 if last else 1,
        definition=definition.to_data(),
        published_at=clock.now(),
        published_by_id=user_id,
    )


def built_in() -> Definition:
    """The case process that comes with the product."""
    text = resources.files("wangge.domain.cases.processes").joinpath("case.toml").read_text(encoding="utf-8")
    return Definition.from_data(tomllib.loads(text))


def publish_built_in() -> Process:
    """At setup: the built-in process, unless the installation has one of its own already."""
    found = Process.objects.filter(key=CASE).order_by("-version").first()
    return found or publish(built_in())
