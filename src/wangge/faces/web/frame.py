"""What surrounds a staff page: sections of the side bar, who I am, notices."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link; `count` is shown when above zero, `icon` is a name of frontend/icons.txt; `also` is how addresses
    begin that belong to it and lie elsewhere."""

    title: str
    url: str
    icon: str
    count: int = 0
    current: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NavSection:
    title: str
    items: tuple[NavItem, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """The context variable `frame` of desk.html. Empty addresses leave their part out."""

    sections: tuple[NavSection, ...]
    user: str
    post: str
    home: str
    sign_out: str
    search: str = ""
    bell: str = ""
    unread: int = 0
    menu: tuple[NavItem, ...] = ()

    @property
    def bottom(self) -> tuple[NavItem, ...]:
        """The four links of the bottom bar on a phone; the rest is behind 更多."""
        return tuple(item for section in self.sections for item in section.items)[:4]


def mark_current(sections: Iterable[NavSection], path: str) -> tuple[NavSection, ...]:
    """The same sections with the item current whose address is the longest prefix of `path`."""
    found = tuple(sections)
    items = [item for section in found for item in section.items]
    fitting = [
        (begin, item.url) for item in items for begin in (item.url, *item.also) if path.startswith(begin)
    ]
    _begin, best = max(fitting, key=lambda one: len(one[0]), default=("", None))
    return tuple(
        replace(section, items=tuple(replace(item, current=item.url == best) for item in section.items))
        for section in found
    )
