"""Keys that are there twice."""

from collections.abc import Iterator, Sequence

from wangge.engines.flow.checking.scope import Problem


def key_problems(keys: Sequence[str], where: str) -> Iterator[Problem]:
    for index, key in enumerate(keys):
        if key in keys[:index]:
            yield Problem("duplicate", f"{where}[{index}]", f"“{key}”出现了两次", f"{key} is there twice")
