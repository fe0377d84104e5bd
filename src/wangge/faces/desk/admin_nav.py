"""The administration's part of the side bar."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.policy import may_administer, may_inspect, planned_paths
from wangge.faces.web.frame import NavItem, NavSection


def admin_sections(actor: AnyActor) -> tuple[NavSection, ...]:
    """Who works where and the lists of rules: every member of staff reads them, administrators change them."""
    organisation = [
        NavItem(pgettext("list", "单位"), reverse("desk:units"), "building"),
        NavItem(_("岗位与替班"), reverse("desk:posts"), "id-badge-2"),
    ]
    if may_administer(actor):
        organisation.append(NavItem(pgettext("list", "账号"), reverse("desk:users"), "users"))
        organisation.append(NavItem(_("系统对接"), reverse("desk:clients"), "link"))
    organisation.append(NavItem(_("区划"), reverse("desk:areas"), "sitemap"))
    if may_administer(actor) or planned_paths(actor):
        organisation.append(NavItem(_("网格方案"), reverse("desk:plans"), "map-2"))
    rules = [
        NavItem(_("事项目录"), reverse("desk:catalogue"), "book"),
        NavItem(_("责任清单"), reverse("desk:responsibility"), "list-check"),
        NavItem(_("工作日历"), reverse("desk:calendar"), "calendar"),
        NavItem(_("办理流程"), reverse("desk:processes"), "route"),
    ]
    if may_administer(actor):
        rules.append(NavItem(_("变更方案"), reverse("desk:drafts"), "edit"))
        system = (
            NavItem(_("运行状况"), reverse("desk:operation"), "tool"),
            NavItem(_("手机记录"), reverse("desk:field-records"), "device-mobile"),
        )
        return (
            NavSection(_("组织"), tuple(organisation)),
            NavSection(_("规则"), tuple(rules)),
            NavSection(_("系统"), system),
        )
    sections = NavSection(_("组织"), tuple(organisation)), NavSection(_("规则"), tuple(rules))
    if may_inspect(actor):
        personal = (NavItem(_("个人信息"), reverse("desk:privacy"), "shield-lock"),)
        return NavSection("", personal), *sections
    return sections
