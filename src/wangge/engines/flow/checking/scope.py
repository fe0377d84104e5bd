"""What every check works on, and what it finds."""

from dataclasses import dataclass

from wangge.engines.conditions import ConditionError, compile, faults
from wangge.engines.flow.definition import Definition
from wangge.engines.flow.parts import Part, Way
from wangge.engines.flow.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Problem:
    """`where` is a path such as `moves[3].to`; `text` is Chinese, `text_en` English, both for the author."""

    code: str
    where: str
    text: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Scope:
    """One part of a definition under check; `prefix` begins the paths of its problems."""

    definition: Definition
    vocabulary: Vocabulary
    part: Part
    prefix: str

    @property
    def is_main(self) -> bool:
        return self.part is self.definition

    def condition_problems(self, source: str, where: str) -> list[Problem]:
        found = faults(source, self.definition.facts)
        return [
            Problem("condition", where, f"条件有误：{fault.zh}", f"condition: {fault.en}") for fault in found
        ]


def is_always(source: str | None, answer: bool) -> bool:
    """Whether a condition is provably this answer; no condition always holds."""
    if source is None:
        return answer
    try:
        return compile(source).is_always(answer)
    except ConditionError:
        return False


def possible_ways(ways: tuple[Way, ...]) -> list[Way]:
    """The ways that can be taken: not provably false, and not behind one that always holds."""
    found = []
    for way in ways:
        if not is_always(way.when, False):
            found.append(way)
        if is_always(way.when, True):
            break
    return found
