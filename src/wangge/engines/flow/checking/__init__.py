"""Finds what is wrong with a definition before anything runs on it."""

from wangge.engines.flow.checking.keys import key_problems
from wangge.engines.flow.checking.moves import move_problems
from wangge.engines.flow.checking.paths import path_problems
from wangge.engines.flow.checking.scope import Problem, Scope
from wangge.engines.flow.checking.states import state_problems
from wangge.engines.flow.definition import Definition
from wangge.engines.flow.vocabulary import Vocabulary

__all__ = ["Problem", "check"]


def check(definition: Definition, vocabulary: Vocabulary) -> list[Problem]:
    """Every problem of a definition, those of its main part first; an empty list when it may be used.

    Codes: duplicate, unknown_state, unknown_owner, unknown_who, unknown_effect, unknown_options,
    unknown_move, unknown_branch, unreachable, dead_end, no_end, nobody, never, never_taken, no_default,
    no_reason, condition, no_step, no_deadline, limit, no_pause_end, runs_on, timer_clock, timer_closed,
    timer_asks.
    """
    scopes = [Scope(definition, vocabulary, definition, "")]
    scopes += [
        Scope(definition, vocabulary, branch, f"branches[{index}].")
        for index, branch in enumerate(definition.branches)
    ]
    found = [*key_problems([branch.key for branch in definition.branches], "branches")]
    for scope in scopes:
        for find in (_part_keys, state_problems, move_problems, path_problems):
            found += find(scope)
    return found


def _part_keys(scope: Scope) -> list[Problem]:
    states = key_problems([state.key for state in scope.part.states], f"{scope.prefix}states")
    moves = key_problems([move.key for move in scope.part.moves], f"{scope.prefix}moves")
    return [*states, *moves]
