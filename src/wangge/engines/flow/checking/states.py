"""Problems of states: who is responsible, until when, and what happens by itself."""

from collections.abc import Iterator

from wangge.engines.flow.checking.scope import Problem, Scope
from wangge.engines.flow.parts import State, Timer
from wangge.engines.flow.vocabulary import SYSTEM
from wangge.engines.worktime import Duration

STEPS = range(1, 6)


def state_problems(scope: Scope) -> Iterator[Problem]:
    for index, state in enumerate(scope.part.states):
        where = f"{scope.prefix}states[{index}]"
        if scope.is_main:
            yield from _place(scope, state, where)
            yield from _clock(state, where)
        for number, timer in enumerate(state.timers):
            yield from _timer(scope, state, timer, f"{where}.timers[{number}]")


def _place(scope: Scope, state: State, where: str) -> Iterator[Problem]:
    if state.step not in STEPS:
        text = f"“{state.name}”须属于五步中的一步（1至5）"
        yield Problem("no_step", f"{where}.step", text, f"{state.key} must be in one of the steps 1 to 5")
    if state.owner not in scope.vocabulary.owners:
        text = f"“{state.name}”的责任单位“{state.owner}”不认识"
        yield Problem("unknown_owner", f"{where}.owner", text, f"unknown owner {state.owner} of {state.key}")


def _clock(state: State, where: str) -> Iterator[Problem]:
    if state.end:
        if state.clock != "stopped":
            text = f"终点“{state.name}”的时钟须为 stopped"
            yield Problem(
                "runs_on", f"{where}.clock", text, f"the clock of the end {state.key} must be stopped"
            )
    elif state.clock in (None, "stopped"):
        text = f"“{state.name}”既没有时限，也没有说明暂停"
        yield Problem(
            "no_deadline", f"{where}.clock", text, f"{state.key} has no deadline and no stated pause"
        )
    elif state.clock == "stage":
        yield from _limit(state, where)
    elif state.clock == "paused" and not any(timer.at == "pause_end" for timer in state.timers):
        text = f"“{state.name}”暂停计时，但没有说明暂停到期后怎么办"
        yield Problem(
            "no_pause_end", f"{where}.timers", text, f"nothing happens when the pause of {state.key} ends"
        )


def _limit(state: State, where: str) -> Iterator[Problem]:
    if state.limit is None:
        text = f"“{state.name}”没有写明本环节时限"
        yield Problem("no_deadline", f"{where}.limit", text, f"{state.key} has no limit for its stage")
    elif not _is_duration(state.limit):
        yield _bad_duration(state.limit, f"{where}.limit")


def _timer(scope: Scope, state: State, timer: Timer, where: str) -> Iterator[Problem]:
    if timer.after is not None and not _is_duration(timer.after):
        yield _bad_duration(timer.after, f"{where}.after")
    wanted = {"pause_end": ("paused",), "due": ("case", "stage"), "yellow": ("case", "stage")}
    if timer.at is not None and state.clock not in wanted[timer.at]:
        text = f"“{state.name}”的时钟没有 {timer.at} 这一刻"
        yield Problem(
            "timer_clock", f"{where}.at", text, f"the clock of {state.key} has no moment {timer.at}"
        )
    if timer.do is not None and timer.do not in scope.vocabulary.effects:
        yield Problem(
            "unknown_effect", f"{where}.do", f"没有名为“{timer.do}”的动作", f"unknown effect {timer.do}"
        )
    if timer.move is not None:
        yield from _move(scope, state, timer.move, f"{where}.move")


def _move(scope: Scope, state: State, key: str, where: str) -> Iterator[Problem]:
    move = scope.part.move_by_key.get(key)
    if move is None:
        yield Problem("unknown_move", where, f"没有名为“{key}”的操作", f"unknown move {key}")
        return
    if SYSTEM not in move.who or state.key not in move.sources:
        text = f"到时要自动“{move.name}”，但系统在“{state.name}”不能做"
        yield Problem("timer_closed", where, text, f"{key} is not open to the system in {state.key}")
    if move.required:
        text = f"“{move.name}”有必填项，系统无法自动完成"
        yield Problem(
            "timer_asks", where, text, f"{key} has required fields, which the system cannot fill in"
        )


def _is_duration(text: str) -> bool:
    try:
        return Duration.parse(text).amount > 0
    except ValueError:
        return False


def _bad_duration(text: str, where: str) -> Problem:
    return Problem(
        "limit",
        where,
        f"“{text}”不是时限，应如“2 work_hour”",
        f"not a duration such as '2 work_hour': {text}",
    )
