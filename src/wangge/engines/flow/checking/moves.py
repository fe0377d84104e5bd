"""Problems of moves: where they lead, who can make them, what they ask and do."""

from collections.abc import Iterator

from wangge.engines.flow.checking.keys import key_problems
from wangge.engines.flow.checking.scope import Problem, Scope, is_always, possible_ways
from wangge.engines.flow.parts import SAME, Move


def move_problems(scope: Scope) -> Iterator[Problem]:
    for index, move in enumerate(scope.part.moves):
        where = f"{scope.prefix}moves[{index}]"
        yield from _sources(scope, move, where)
        yield from _ways(scope, move, where)
        yield from _who(scope, move, where)
        yield from _when(scope, move, where)
        yield from _fields(scope, move, where)
        yield from _effects(scope, move, where)


def _sources(scope: Scope, move: Move, where: str) -> Iterator[Problem]:
    for index, source in enumerate(move.sources):
        if source not in scope.part.state_by_key:
            yield _unknown_state(source, f"{where}.from[{index}]")
    if not move.sources:
        yield _nobody(move, f"{where}.from")


def _ways(scope: Scope, move: Move, where: str) -> Iterator[Problem]:
    possible = possible_ways(move.ways)
    for index, way in enumerate(move.ways):
        path = f"{where}.to[{index}]" if len(move.ways) > 1 else f"{where}.to"
        if way.to != SAME and way.to not in scope.part.state_by_key:
            yield _unknown_state(way.to, path)
        if way.when is not None:
            yield from scope.condition_problems(way.when, path)
        if way not in possible:
            text = f"“{move.name}”永远走不到这一支"
            yield Problem("never_taken", path, text, f"{move.key} can never take this way")
    if move.ways[-1].when is not None:
        text = f"“{move.name}”的去向缺少不带条件的最后一支"
        yield Problem(
            "no_default", f"{where}.to", text, f"the ways of {move.key} need a last one without a condition"
        )


def _who(scope: Scope, move: Move, where: str) -> Iterator[Problem]:
    for index, who in enumerate(move.who):
        if not scope.vocabulary.knows_who(who):
            text = f"“{move.name}”：不认识“{who}”，应为 岗位@位置、reporter 或 system"
            yield Problem("unknown_who", f"{where}.who[{index}]", text, f"unknown role or place {who}")
    if not any(scope.vocabulary.knows_who(who) for who in move.who):
        yield _nobody(move, f"{where}.who")


def _when(scope: Scope, move: Move, where: str) -> Iterator[Problem]:
    if move.when is None:
        return
    yield from scope.condition_problems(move.when, f"{where}.when")
    if is_always(move.when, False):
        text = f"“{move.name}”的条件永远不成立，没有人能做"
        yield Problem(
            "never", f"{where}.when", text, f"the condition of {move.key} never holds: nobody can make it"
        )
    if not move.why:
        text = f"“{move.name}”有条件，但没有写明不能做时给人看的理由（why）"
        yield Problem("no_reason", f"{where}.why", text, f"{move.key} has a condition but no reason to show")


def _fields(scope: Scope, move: Move, where: str) -> Iterator[Problem]:
    yield from key_problems([asked.key for asked in move.ask], f"{where}.ask")
    for index, asked in enumerate(move.ask):
        path = f"{where}.ask[{index}].options"
        if asked.options is not None and asked.options not in scope.vocabulary.option_lists:
            yield Problem(
                "unknown_options",
                path,
                f"没有名为“{asked.options}”的选项表",
                f"unknown options {asked.options}",
            )
        if asked.type in ("choice", "choices") and asked.options is None and not asked.choices:
            yield Problem(
                "unknown_options",
                path,
                f"“{asked.name}”没有可选项",
                f"{asked.key} has nothing to choose from",
            )
        yield from key_problems([option.value for option in asked.choices], path)


def _effects(scope: Scope, move: Move, where: str) -> Iterator[Problem]:
    for index, effect in enumerate(move.effects):
        if effect not in scope.vocabulary.effects:
            yield Problem(
                "unknown_effect",
                f"{where}.effects[{index}]",
                f"没有名为“{effect}”的动作",
                f"unknown effect {effect}",
            )
    if move.join is not None and not any(branch.key == move.join for branch in scope.definition.branches):
        text = f"“{move.name}”等待的分支“{move.join}”不存在"
        yield Problem(
            "unknown_branch", f"{where}.join", text, f"{move.key} waits for an unknown branch {move.join}"
        )


def _unknown_state(key: str, where: str) -> Problem:
    return Problem("unknown_state", where, f"没有名为“{key}”的状态", f"unknown state {key}")


def _nobody(move: Move, where: str) -> Problem:
    return Problem("nobody", where, f"没有人能做“{move.name}”", f"nobody can make {move.key}")
