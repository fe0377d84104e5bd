"""Grid code schemes as configuration: a pattern says how a code is made and read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from wangge.engines.codes.errors import CodeError

_PART = re.compile(r"\{([a-z_]+):([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    regex: str
    digits: int | None
    wanted: str


@dataclass(frozen=True)
class GridScheme:
    """A way of writing grid codes.

    `pattern` is literal text with parts in braces: `{serial:2}` two digits, `{street:a}` Latin lower-case
    letters and digits, `{kind:1|2}` one of the listed texts. A part named `serial` in digits is required;
    serials start at 1. Raises ValueError for a pattern that breaks these rules.
    """

    key: str
    name: str
    pattern: str
    _parts: dict[str, _Part] = field(init=False, repr=False, compare=False)
    _regex: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = [_read_part(name, rule) for name, rule in _PART.findall(self.pattern)]
        if len({part.name for part in parts}) < len(parts):
            raise ValueError(f"grid scheme {self.key}: a part is named twice in {self.pattern!r}")
        named = {part.name: part for part in parts}
        if "serial" not in named or named["serial"].digits is None:
            raise ValueError(f"grid scheme {self.key}: no serial such as {{serial:2}} in {self.pattern!r}")
        literals = _PART.split(self.pattern)[::3]
        if any("{" in text or "}" in text for text in literals):
            raise ValueError(f"grid scheme {self.key}: a stray brace in {self.pattern!r}")
        regex = re.escape(literals[0])
        for part, literal in zip(parts, literals[1:], strict=True):
            regex += f"(?P<{part.name}>{part.regex})" + re.escape(literal)
        object.__setattr__(self, "_parts", named)
        object.__setattr__(self, "_regex", re.compile(regex))

    @property
    def part_names(self) -> tuple[str, ...]:
        """The names of the parts, in the order of the pattern."""
        return tuple(self._parts)

    @property
    def last_serial(self) -> int:
        """The highest serial there is room for."""
        digits = self._parts["serial"].digits or 0
        return int(10**digits) - 1

    def make(self, **values: str | int) -> str:
        """The code of these parts; numbers are filled up with zeros. Raises CodeError."""
        if values.keys() != self._parts.keys():
            raise CodeError(
                f"{self.name}: needs {', '.join(self._parts)}; got {', '.join(values) or 'nothing'}"
            )
        texts = {name: _write(self._parts[name], value) for name, value in values.items()}
        for name, text in texts.items():
            if not re.fullmatch(self._parts[name].regex, text):
                raise CodeError(f"{self.name}: {name} {text!r} must be {self._parts[name].wanted}")
        code = _PART.sub(lambda match: texts[match[1]], self.pattern)
        self.parse(code)
        return code

    def parse(self, code: str) -> dict[str, str]:
        """The parts of a code, as written. Raises CodeError."""
        match = self._regex.fullmatch(code)
        if match is None:
            raise CodeError(f"{self.name}: {code!r} does not fit {self.pattern}")
        if int(match["serial"]) == 0:
            raise CodeError(f"{self.name}: {code!r} has serial 0; serials start at 1")
        return match.groupdict()

    def check(self, code: str) -> bool:
        """Is this a code of the scheme?"""
        try:
            self.parse(code)
        except CodeError:
            return False
        return True

    def next_serial(self, taken: Iterable[str], **place: str | int) -> int:
        """The lowest serial that no code of this place in `taken` has; codes of other schemes are ignored.

        Give every code ever used, closed grids included, so that none is used twice. Raises CodeError
        when all are taken.
        """
        where = self.parse(self.make(**place, serial=1))
        used = set()
        for code in taken:
            match = self._regex.fullmatch(code)
            if match and all(match[name] == text for name, text in where.items() if name != "serial"):
                used.add(int(match["serial"]))
        free = next((n for n in range(1, self.last_serial + 1) if n not in used), None)
        if free is None:
            raise CodeError(f"{self.name}: all {self.last_serial} serials are taken")
        return free

    def next_code(self, taken: Iterable[str], **place: str | int) -> str:
        """The code with the next free serial of this place."""
        return self.make(**place, serial=self.next_serial(taken, **place))


def _read_part(name: str, rule: str) -> _Part:
    if rule.isascii() and rule.isdecimal() and 1 <= int(rule) <= 20:
        return _Part(name, f"[0-9]{{{rule}}}", int(rule), f"{rule} digits")
    if rule == "a":
        return _Part(name, "[a-z0-9]{1,20}", None, "1 to 20 lower-case letters or digits")
    if "|" in rule:
        choices = rule.split("|")
        return _Part(name, "|".join(map(re.escape, choices)), None, "one of " + ", ".join(choices))
    raise ValueError(f"grid scheme: the part {{{name}:{rule}}} is not a count of digits, 'a' or a choice")


def _write(part: _Part, value: str | int) -> str:
    return f"{value:0{part.digits}d}" if part.digits and isinstance(value, int) else str(value)


NATIONAL = GridScheme("national", "国家十五位网格编码", "{community:12}{serial:3}")
PINYIN = GridScheme("pinyin", "拼音首字母网格编码", "{street:a}-{community:a}-{serial:2}")
TOWN = GridScheme("town", "乡镇六位网格编码", "{village:3}{kind:1|2}{serial:2}")

SCHEMES = {scheme.key: scheme for scheme in (NATIONAL, PINYIN, TOWN)}
