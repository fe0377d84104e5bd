"""Writes of organisations."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Area, Level
from wangge.domain.register import rules
from wangge.domain.register.models import Organisation, OrganisationKind
from wangge.domain.register.services.base import check_days, kept, locked, must_keep, save
from wangge.domain.register.services.people import KEEPER
from wangge.platform.errors import Conflict, Invalid


@transaction.atomic
def add(actor: AnyActor, *, area_id: int, **given: Any) -> Organisation:
    """An organisation in a grid: name, kind, credit_code, address, contact_name, contact_phone, since."""
    area = Area.objects.filter(pk=area_id, level=Level.GRID, active=True).first()
    if area is None:
        raise Invalid({"area_id": _("请选择网格。")})
    must_keep(actor, area)
    return _written(Organisation(area=area), checked(given))


@transaction.atomic
def change(
    actor: AnyActor, organisation_id: int, *, version: int | None = None, **given: Any
) -> Organisation:
    """Change what is given; an empty contact is taken away, one that is left out stays."""
    found = kept(actor, Organisation, organisation_id)
    values = checked({"name": found.name, "kind": found.kind, **given})
    with acting_as(KEEPER):
        organisation = locked(found, version)
    return _written(organisation, values)


@transaction.atomic
def close(actor: AnyActor, organisation_id: int, *, on: date, version: int | None = None) -> Organisation:
    """The organisation closed or moved away on a day."""
    found = kept(actor, Organisation, organisation_id)
    with acting_as(KEEPER):
        organisation = locked(found, version)
        check_days(organisation.since, on, "on")
        save(organisation, until=on)
    return organisation


def checked(given: dict[str, Any]) -> dict[str, Any]:
    """The values as they are kept. Raises Invalid naming each wrong field."""
    values, wrong = dict(given), {}
    values["name"] = values.get("name", "").strip()
    if not values["name"] or len(values["name"]) > 120:
        wrong["name"] = _("请写单位名称，最多 120 个字。")
    if values.get("kind") not in OrganisationKind.values:
        wrong["kind"] = _("请选择一项。")
    if code := values.get("credit_code"):
        values["credit_code"] = rules.credit_code_of(code)
        if not values["credit_code"]:
            wrong["credit_code"] = _("统一社会信用代码不对，请核对 18 位代码。")
    elif "credit_code" in values:
        values["credit_code"] = None
    if "contact_name" in values:
        values["contact_name"] = rules.name_of(values["contact_name"])
    if phone := values.get("contact_phone"):
        values["contact_phone"] = rules.phone_of(phone)
        if not values["contact_phone"]:
            wrong["contact_phone"] = _("电话号码应为 5 至 15 位数字。")
    if wrong:
        raise Invalid(wrong)
    return values


def _written(organisation: Organisation, values: dict[str, Any]) -> Organisation:
    with acting_as(KEEPER):
        try:
            with transaction.atomic():
                if organisation.pk:
                    save(organisation, **values)
                else:
                    for name, value in values.items():
                        setattr(organisation, name, value)
                    organisation.save()
        except IntegrityError as error:
            raise Conflict(_("这个地址已经登记过同一信用代码的单位。")) from error
    return organisation
