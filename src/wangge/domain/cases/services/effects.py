"""What each effect named in a process does to a case. The process says when; nothing here decides who may."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.domain.access.models import Unit
from wangge.domain.cases import rules, timing
from wangge.domain.cases.choices import closing_conditions
from wangge.domain.cases.models import Case, Contact, Photo, Procedure, Responsibility, Support
from wangge.domain.cases.services import photos, repeats
from wangge.domain.cases.services.centres import centre_id
from wangge.domain.cases.services.change import Change
from wangge.domain.cases.services.dispatching import enter_row
from wangge.domain.cases.services.opening import open_case
from wangge.domain.cases.services.receipts import receipt_code, receipt_hash
from wangge.domain.catalogue.models import Condition
from wangge.platform.errors import Invalid

LONGEST_SUSPENSION_DAYS = 366


# ---- what it is


def classify(change: Change) -> None:
    """Take matter and condition; the condition brings level and procedure, but not when it is put right later."""
    case = change.case
    condition = Condition.objects.select_related("matter").get(pk=change.data["condition"])
    if condition.matter_id != change.data["matter"]:
        raise Invalid({"condition": _("所选情形不属于所选事项，请重新选择。")})
    if change.move == "settle" and not condition.on_the_spot:
        raise Invalid({"condition": _("这类情形不能当场解决，请上报由社区立案。")})
    if change.move == "reclassify" and (condition.procedure == Procedure.APPROVAL) != (
        case.procedure == Procedure.APPROVAL
    ):
        raise Invalid({"condition": _("须审批的事项与其他事项不能互相更正，请作废后重新立案。")})
    case.matter, case.condition = condition.matter, condition
    if change.move == "reclassify":
        return
    case.level = "community" if condition.level == "grid" else condition.level
    case.procedure = condition.procedure


def file(change: Change) -> None:
    change.case.filed_at = change.now
    repeats.raise_alarm(change.case, change.now)


def start_clock(change: Change) -> None:
    timing.start_clock(change.case, change.now)


def recompute_clock(change: Change) -> None:
    timing.recompute_clock(change.case)


def emergency(change: Change) -> None:
    change.case.emergency = True
    change.case.procedure = Procedure.EMERGENCY


def alert_all(change: Change) -> None:
    change.notes["alert"] = "all"


def notify_grid(change: Change) -> None:
    change.notes["grid"] = True


def publish(change: Change) -> None:
    change.notes["publicity"] = True


def approved(change: Change) -> None:
    change.case.approved = True


# ---- who must act


def dispatch(change: Change) -> None:
    unit = Unit.objects.filter(pk=change.data["unit"], active=True).first()
    if unit is None:
        raise Invalid({"unit": _("这个单位已停用，请另选。")})
    if unit.pk in change.case.support_units and _still_supports(change.case, unit):
        raise Invalid({"unit": _("这个单位正在协办本案，请先免除协办，或另选主办单位。")})
    _give_to(change.case, unit.pk)


def _still_supports(case: Case, unit: Unit) -> bool:
    return Support.objects.filter(case=case, unit=unit, state__in=("asked", "working")).exists()


def dispatch_own(change: Change) -> None:
    """A grid settles for itself: its station leads."""
    _give_to(change.case, centre_id(change.case.area_path, "community"))


def _give_to(case: Case, unit_id: int) -> None:
    case.lead_id = unit_id
    case.handler = None
    if case.first_unit_id is None:
        case.first_unit_id = unit_id


def ask_supports(change: Change) -> None:
    case = change.case
    for unit_id in change.data.get("supports") or []:
        if unit_id in (case.lead_id, *case.support_units):
            continue
        Support.objects.create(
            case=case,
            unit_id=unit_id,
            state="asked",
            asked_at=change.now,
            task=change.data.get("note", "")[:300],
        )
        case.support_units = [*case.support_units, unit_id]


def undispatch(change: Change) -> None:
    change.case.lead = None


def raise_level(change: Change) -> None:
    change.case.level = rules.above(change.case.level)


def lower_level(change: Change) -> None:
    change.case.level = rules.below(change.case.level)


def accept(change: Change) -> None:
    change.case.handler_id = change.user_id
    _remember_handler(change)


def _remember_handler(change: Change) -> None:
    """Whoever handles, or asks in the handling unit's name, does not judge the case afterwards."""
    if change.user_id is not None and change.user_id not in change.case.handlers:
        change.case.handlers = [*change.case.handlers, change.user_id]


def record_return(change: Change) -> None:
    case = change.case
    case.returns += 1
    case.returned_by = [*case.returned_by, case.lead_id]
    case.lead = None


def remember_decision(change: Change) -> None:
    """Arbitration is binding for this case and enters the responsibility list for the next ones."""
    case = change.case
    case.arbitrated = True
    if case.matter_id is None:
        return
    enter_row(
        change.actor,
        Responsibility(
            matter_id=case.matter_id,
            area_id=rules.area_id_at(case.area_path, "community") or case.area_id,
            unit_id=change.data["unit"],
            starts_on=timezone.localdate(change.now),
            decided_in=case,
            note=change.data.get("note", "")[:300],
        ),
        _("%(number)s 的裁定") % {"number": case.number},
    )


# ---- handling


def need_proof(change: Change) -> None:
    """The condition says which proof; photos cannot be replaced by words."""
    condition = change.case.condition
    if not condition or not condition.proof.startswith("photo"):
        return
    if not change.images:
        raise Invalid({"photos": _("这类事项须上传处置后的照片。")})
    if not photos.new_to(change.case, change.pictures()):
        raise Invalid({"photos": _("这些照片以前交过，不能再作凭证。请上传这次处置后新拍的照片。")})


def handled(change: Change) -> None:
    _remember_handler(change)
    # A request for more time has nothing left to ask for.
    extension_refused(change)
    if change.case.case_due_at:
        timing.stop_handling(change.case, change.now)


def ask_extension(change: Change) -> None:
    case = change.case
    amount = int(change.data["amount"])
    if case.condition is None or not 1 <= amount <= case.condition.amount:
        most = case.condition.amount if case.condition else 0
        raise Invalid({"amount": _("每次延期须在 1 与原时限 %(most)d 之间。") % {"most": most}})
    _remember_handler(change)
    case.extension_stage = 1
    case.extension_asked = {"amount": amount, "by": change.user_id}


def extension_first(change: Change) -> None:
    change.case.extension_stage = 2
    change.case.extension_asked = {**(change.case.extension_asked or {}), "first_by": change.user_id}


def extend(change: Change) -> None:
    case = change.case
    timing.extend(case, int(case.extension_asked["amount"]))
    case.extensions += 1
    extension_refused(change)


def extension_refused(change: Change) -> None:
    change.case.extension_stage = 0
    change.case.extension_asked = None


def ask_suspension(change: Change) -> None:
    day = timezone.localdate(change.now)
    until = change.data["until"]
    if not day < until <= day + timedelta(days=LONGEST_SUSPENSION_DAYS):
        raise Invalid({"until": _("挂账日期须在明天与一年之内。")})
    _remember_handler(change)
    change.case.suspension_until = until


def pause(change: Change) -> None:
    until = change.case.suspension_until
    if until is None or until <= timezone.localdate(change.now):
        raise Invalid({"until": _("申请的挂账日期已过，请退回重新申请。")})
    change.case.suspensions += 1
    timing.pause(change.case, change.now, _start_of(until))


def suspension_refused(change: Change) -> None:
    change.case.suspension_until = None


def resume(change: Change) -> None:
    timing.resume(change.case, change.now)


def _start_of(day: date) -> datetime:
    # In UTC, as the database gives it back: history must name the same moment in the same words.
    return timezone.make_aware(datetime.combine(day, time())).astimezone(UTC)


# ---- check, rating, closing


def checked(change: Change) -> None:
    change.case.checker_id = change.user_id


def rework(change: Change) -> None:
    change.case.reworks += 1
    timing.restart_handling(change.case, change.now)


def record_rating(change: Change) -> None:
    """Call-back or the reporter's own rating; where the process leads back for it, handling begins anew."""
    case, data = change.case, change.data
    case.reached = data.get("reached", True)
    if case.reached:
        case.solved, case.satisfied = data.get("solved"), data.get("satisfied")
    if change.target == "handling":
        rework(change)
    elif change.target == "arbitration":
        timing.restart_handling(case, change.now)


def close(change: Change) -> None:
    case, wanted = change.case, change.data["closing_condition"]
    if wanted not in {reason.name for reason in closing_conditions(case)}:
        raise Invalid({"closing_condition": _("请从结案条件中选择一项。")})
    case.closed_at = change.now
    case.closing_condition = wanted


def end(change: Change) -> None:
    change.case.closed_at = change.now


def objection(change: Change) -> None:
    case = change.case
    case.objections += 1
    case.closed_at = None
    rework(change)


def reopen_refused(change: Change) -> None:
    """The reporter asks for a review of a refusal."""
    change.case.objections += 1
    change.case.closed_at = None


# ---- appeal against "overdue": the raw fact stays, an accepted appeal leaves the figures


def ask_appeal(change: Change) -> None:
    _remember_handler(change)
    change.case.appeal_stage = 1


def appeal_first(change: Change) -> None:
    change.case.appeal_stage = 2
    change.case.appeal_reviewer_id = change.user_id


def appeal_accepted(change: Change) -> None:
    change.case.appeal_stage = 3
    change.case.overdue_excused = True


def appeal_rejected(change: Change) -> None:
    change.case.appeal_stage = 3


# ---- words from others


def urge(change: Change) -> None:
    change.case.urges += 1


def supervise(change: Change) -> None:
    change.case.supervised = True


def comment(change: Change) -> None:
    change.notes["comment"] = True


# ---- duplicates


def merge(change: Change) -> None:
    """The case ends inside another open one of the same community."""
    into: Case | None = Case.objects.select_related("area").filter(number=change.data["into"]).first()
    if into is None or into.pk == change.case.pk or into.ended:
        raise Invalid({"into": _("请填写一个未结案的其他案件编号。")})
    community = rules.area_id_at(change.case.area_path, "community")
    if rules.area_id_at(into.area_path, "community") != community:
        raise Invalid({"into": _("只能并入同一社区的案件。")})
    change.case.merged_into = into
    change.notes["into"] = into.pk


def split(change: Change) -> None:
    """Another matter in the same report becomes a case of its own: the same place and reporter, words of its own."""
    case = change.case
    key = uuid.uuid4()
    part = Case(
        key=key,
        receipt_hash=receipt_hash(receipt_code(key)),
        area=case.area,
        address=case.address,
        lon=case.lon,
        lat=case.lat,
        description=change.data["description"],
        channel=case.channel,
        reported_by_id=case.reported_by_id,
        split_from=case,
        danger=case.danger,
        has_contact=case.has_contact,
    )
    open_case(part, change.actor, change.now, post=change.post, data={"split_from": case.number})
    # Whoever calls back about a part reaches the person who reported the whole.
    if contact := Contact.objects.filter(case=case).first():
        Contact.objects.create(case=part, name=contact.name, phone=contact.phone, email=contact.email)
    change.notes["part"] = part.pk


# ---- timers


def remind(change: Change) -> None:
    change.notes["remind"] = True


def escalate(change: Change) -> None:
    """Overdue or not accepted: the level above is told."""
    change.notes["escalate"] = True


def keep_photos(change: Change) -> None:
    """Not named by processes: any move may bring photos."""
    use = Photo.Use.CHECK if change.source in ("checking", "verifying") else Photo.Use.AFTER
    photos.store(change.case, use, change.pictures(), user_id=change.user_id, at=change.now)


Effect = Callable[[Change], None]
EFFECTS: dict[str, Effect] = {
    effect.__name__: effect
    for effect in (
        classify, file, start_clock, recompute_clock, emergency, alert_all, notify_grid, publish, approved, dispatch,
        dispatch_own, ask_supports, undispatch, raise_level, lower_level, accept, record_return, remember_decision,
        need_proof, handled, ask_extension, extension_first, extend, extension_refused, ask_suspension, pause,
        suspension_refused, resume, checked, rework, record_rating, close, end, objection, ask_appeal, appeal_first,
        appeal_accepted, appeal_rejected, urge, supervise, comment, merge, split, remind, escalate, reopen_refused,
    )
}  # fmt: skip
