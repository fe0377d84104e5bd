"""Somebody adds a passkey, signs in by it alone and as the second step, ends a session, and removes it again.

The browser brings an authenticator of its own; passkeys need a name, so the address is localhost.
"""

from playwright.sync_api import Locator, expect

from tests.e2e.person import Enter, Person
from tests.e2e.serving import PASSWORD


def _at_a_name(enter: Enter, username: str) -> Person:
    person = enter()
    person.site = person.site.replace("127.0.0.1", "localhost")
    person.sign_in(username)
    device = person.context.new_cdp_session(person.page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    checks = {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options | checks})
    return person


def _sign_out(person: Person) -> None:
    person.page.locator("details.menu summary").last.click()
    person.press("退出登录")
    expect(person.page.get_by_role("heading", name="工作人员登录")).to_be_visible()


def _card(person: Person, heading: str) -> Locator:
    titled = person.page.get_by_role("heading", name=heading)
    return person.page.locator("section.card").filter(has=titled)


def test_a_passkey_is_added_signs_in_and_is_removed(enter: Enter) -> None:
    person = _at_a_name(enter, "station")
    person.go("/desk/account/security")
    person.press("添加通行密钥")
    person.fill("给它起个名字", "我的手机")
    person.press("添加通行密钥")
    person.sees("备用码只在这里显示一次")
    assert person.page.locator(".recovery-codes li").count() == 10
    person.press("已抄下，继续")
    person.sees("我的手机")

    _sign_out(person)
    person.press("用通行密钥登录")
    expect(person.page.get_by_role("heading", name="我的工作").first).to_be_visible()

    _sign_out(person)
    person.fill("账号", "station")
    person.fill("密码", PASSWORD)
    person.press("登录")
    person.sees("密码对了。请再证明是您本人：")
    person.press("用通行密钥验证")
    expect(person.page.get_by_role("heading", name="我的工作").first).to_be_visible()

    person.go("/desk/account/security")
    _card(person, "通行密钥").get_by_role("link", name="移除 我的手机").click()
    person.press("移除")
    person.sees("已移除：通行密钥。")
    _sign_out(person)
    person.press("用通行密钥登录")
    person.sees("没有通过，请再试一次。")


def test_a_session_ended_elsewhere_asks_to_sign_in_at_the_next_click(enter: Enter) -> None:
    here, there = enter("street"), enter("street")
    there.go("/desk/cases")
    here.go("/desk/account/security")
    here.press("结束其他设备的登录")
    here.sees("其他设备上的登录都已结束。")
    there.go("/desk/cases")
    expect(there.page.get_by_role("heading", name="工作人员登录")).to_be_visible()
