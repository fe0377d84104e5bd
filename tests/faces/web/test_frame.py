from wangge.faces.web.frame import Frame, NavItem, NavSection, mark_current

SECTIONS = (
    NavSection(
        "",
        (
            NavItem("我的工作", "/desk/", "inbox"),
            NavItem("事件", "/desk/cases/", "list-details", also=("/desk/papers/",)),
        ),
    ),
    NavSection("组织", tuple(NavItem(str(n), f"/desk/o{n}/", "users") for n in range(5))),
)


def current(path: str) -> list[str]:
    marked = mark_current(SECTIONS, path)
    return [item.title for section in marked for item in section.items if item.current]


def test_the_longest_fitting_address_is_the_current_one() -> None:
    assert current("/desk/") == ["我的工作"]
    assert current("/desk/cases/17/") == ["事件"]


def test_pages_that_lie_elsewhere_belong_to_their_item() -> None:
    assert current("/desk/papers/3") == ["事件"]


def test_an_address_outside_marks_nothing() -> None:
    assert current("/report/") == []


def test_the_bottom_bar_of_a_phone_holds_the_first_four() -> None:
    frame = Frame(SECTIONS, user="陈", post="派遣员", home="/desk/", sign_out="/out")
    assert [item.title for item in frame.bottom] == ["我的工作", "事件", "0", "1"]
