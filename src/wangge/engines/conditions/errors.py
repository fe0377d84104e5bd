"""The one error of conditions."""


class ConditionError(ValueError):
    """A condition that cannot be read, or that the given facts cannot answer.

    `zh` and `en` say what is wrong to a person and never quote a fact's value. `position` counts the
    characters of the source from 1; None where the fault has no place.
    """

    def __init__(self, zh: str, en: str, position: int | None = None) -> None:
        self.zh = zh if position is None else f"第{position}个字符：{zh}"
        self.en = en if position is None else f"character {position}: {en}"
        self.position = position
        super().__init__(self.zh)
