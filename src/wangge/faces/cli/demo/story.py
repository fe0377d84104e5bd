"""The story of one demo case: what people decide in each state, when, and in which words."""

import uuid
from datetime import timedelta
from typing import Any

from wangge.domain.access.actor import Actor, Public, Role, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases import timing
from wangge.domain.cases.models import Support
from wangge.domain.cases.services.dispatching import likely_lead
from wangge.domain.cases.services.intake import Report, report
from wangge.domain.cases.services.moves import move, move_support
from wangge.faces.cli.demo.telling import Step, Telling
from wangge.platform import clock


class Story(Telling):
    """The states of a case, each with what comes next in it."""

    def _in_reported(self) -> Step:
        condition = self._condition()
        chosen = {"matter": condition.matter_id, "condition": condition.pk}
        hours = self._soon()
        if condition.emergency:
            return Step(self.rng.uniform(0.05, 0.3), lambda: self._file_emergency(chosen), working=False)
        if self.case.channel == "worker" and condition.on_the_spot and self._once("settle", 0.85):
            note = self._say(self.what.handling)
            return Step(
                0.1,
                lambda: self._move(
                    "settle", chosen | {"note": note}, who=self._reporting_worker(), photo="after"
                ),
                working=False,
            )
        if self._once("void", 0.004):
            return Step(
                hours,
                lambda: self._move("void", {"reason": self._reason("void_reasons"), "note": "重复录入"}),
            )
        if self._once("refuse", 0.045) or "overturned" in self._done:
            self._done.discard("overturned")
            return Step(hours, self._propose_refusal)
        if self._once("verify", 0.1):
            return Step(hours, lambda: self._move("ask_check", {"note": "请到现场看一下是否属实。"}))
        if self._once("merge", 0.035):
            return Step(0.6, self._second_report, working=False)
        return Step(hours, lambda: self._move("file", chosen))

    def _propose_refusal(self) -> None:
        note = "经核对，所反映的情况不属于网格办理范围，已向您说明应找的部门。"
        self._move("propose_refusal", {"reason": self._reason("refusal_reasons"), "note": note})

    def _file_emergency(self, chosen: dict[str, Any]) -> None:
        self._with_matter()
        lead = likely_lead(self.case) or self.people.other_department(self.rng, self.case, set())
        self._move("file_emergency", chosen | {"unit": lead.pk, "note": "现场有险情，请立即处置。"})

    def _second_report(self) -> None:
        """Somebody else reports the same thing; the station merges it into this case."""
        case = self.case
        given = Report(
            key=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            description=self.what.report(self.rng, case.address),
            lon=case.lon,
            lat=case.lat,
            area_id=case.area_id,
            address=case.address,
        )
        again = report(Public(), given).case
        actor = self.people.someone(self.rng, again, ["station_officer@community"])
        if actor:
            move(actor, again.pk, "merge", {"into": case.number, "note": "与在办案件为同一件事。"})

    def _reporting_worker(self) -> Actor | None:
        return self.people.someone(self.rng, self.case, ["grid_worker@grid"])

    def _in_verifying(self) -> Step:
        found = "true" if self._chance(0.9) else "partly"
        note = "已到现场，情况属实。" if found == "true" else "现场只有一部分如上报所说。"
        return Step(
            self.rng.uniform(0.3, 3),
            lambda: self._move("report_check", {"finding": found, "note": note}, photo="before"),
        )

    def _in_refusal_review(self) -> Step:
        if self._once("overturn", 0.12):
            return Step(2, lambda: self._move("overturn_refusal", {"note": "属于本街道办理范围，请立案。"}))
        return Step(self.rng.uniform(0.5, 5), lambda: self._move("confirm_refusal", {"note": "同意。"}))

    def _in_approval_station(self) -> Step:
        return Step(
            self.rng.uniform(1, 10), lambda: self._move("approve_station", {"note": "材料齐全，同意上报。"})
        )

    def _in_approval_street(self) -> Step:
        if self._once("reject", 0.1):
            return Step(
                6, lambda: self._move("reject_approval", {"note": "与现行管理规定不符，请另选场地后再报。"})
            )
        return Step(self.rng.uniform(1, 14), lambda: self._move("approve_street", {"note": "同意。"}))

    def _in_approval_district(self) -> Step:
        return Step(
            self.rng.uniform(2, 20), lambda: self._move("approve_district", {"note": "同意，按规定公示。"})
        )

    def _in_publicity(self) -> Step:
        return Step(40, lambda: None)

    def _in_filed(self) -> Step:
        hours = self._soon()
        if self._once("escalate", 0.03) and self.case.level != "district":
            return Step(
                hours,
                lambda: self._move(
                    "escalate", {"reason": self._reason("escalation_reasons"), "note": "社区无力单独解决。"}
                ),
            )
        if self._once("supervise", 0.03):
            note = self.what.leader_comment or "请抓紧办理，办结后报告。"
            return Step(hours, lambda: self._move("supervise", {"note": note}))
        return Step(hours, self._dispatch)

    def _dispatch(self) -> None:
        self._with_matter()
        right = likely_lead(self.case)
        wrong = self.what.return_reason and not self.case.returns and self._once("misdispatch", 0.5)
        barred = {*self.case.returned_by, *self.case.support_units}
        unit = (
            right
            if right and not wrong and right.pk not in barred
            else self.people.other_department(self.rng, self.case, barred)
        )
        data: dict[str, Any] = {
            "unit": unit.pk,
            "note": self.rng.choice(("请按时办结。", "请到场处置并反馈。", "")),
        }
        if self._once("support", 0.06):
            leading = {unit.pk} | ({right.pk} if right else set())
            data["supports"] = [self.people.other_department(self.rng, self.case, leading).pk]
        self._move("dispatch", data)

    def _with_matter(self) -> None:
        if self.case.matter is None:
            self.case.matter = self._condition().matter

    def _in_dispatched(self) -> Step:
        case = self.case
        emergency = case.emergency
        hours = self.rng.uniform(0.05, 0.3) if emergency else self._soon()
        lead = case.lead_id
        right = self._right_unit()
        returnable = not case.arbitrated and lead not in case.returned_by and not emergency
        if returnable and right not in (None, lead) and self._chance(0.85):
            note = self.what.return_reason or "按责任清单不属本单位职责，请改派。"
            reason = self._reason("return_reasons")
            return Step(
                hours, lambda: self._move("return", {"reason": reason, "note": note}, who=self._from_lead())
            )
        return Step(hours, lambda: self._move("accept"), working=not emergency)

    def _from_lead(self) -> Actor | None:
        return self.people.someone(
            self.rng, self.case, ["unit_officer@lead", "unit_head@lead", "station_head@lead"]
        )

    def _right_unit(self) -> int | None:
        self._with_matter()
        unit = likely_lead(self.case)
        return unit.pk if unit else None

    def _in_arbitration(self) -> Step:
        right = (
            self._right_unit()
            or self.case.lead_id
            or self.people.other_department(self.rng, self.case, set()).pk
        )
        note = "按责任清单和设施权属，由该单位负责，今后同类案件照此办理。"
        return Step(self.rng.uniform(1, 6), lambda: self._move("arbitrate", {"unit": right, "note": note}))

    def _in_handling(self) -> Step:
        case = self.case
        condition = case.condition
        assert condition is not None
        if case.extension_stage == 1:
            return Step(1.5, lambda: self._move("approve_extension", {"note": "情况属实。"}))
        if case.extension_stage == 2:
            verdict = "grant_extension" if self._chance(0.8) else "refuse_extension"
            return Step(
                2,
                lambda: self._move(
                    verdict, {"note": "同意。" if verdict == "grant_extension" else "应在原时限内完成。"}
                ),
            )
        total = self._limit_hours()
        clocked = timing.basis_of(case) == "clock"
        if self._once("suspend", 0.015) and not case.emergency:
            return Step(total * 0.3, self._suspend)
        if self._once("urge", 0.05):
            return Step(
                total * 0.4,
                lambda: self._move(
                    "urge", {"note": "请尽快处理，居民在等。"}, who=self.reporter or self._urging()
                ),
                working=not clocked,
            )
        if self._once("extend", 0.05) and not case.emergency:
            return Step(total * 0.3, self._ask_extension, working=not clocked)
        if self._once("note", 0.15):
            return Step(
                total * 0.2,
                lambda: self._move("note", {"note": self._say(self.what.handling)}),
                working=not clocked,
            )
        # Most units finish well inside what is left, a few do not.
        left = max(self._left_hours(), total * 0.1)
        return Step(max(left * self.rng.lognormvariate(-0.95, 0.5), 0.1), self._finish, working=not clocked)

    def _urging(self) -> Actor | None:
        return self.people.someone(
            self.rng, self.case, ["station_officer@community", "street_dispatcher@street"]
        )

    def _soon(self) -> float:
        """Hours until somebody at a desk acts: short against the case's limit."""
        condition = self._condition()
        limit = timing.calendar_for(self.case).length(timing.limit_of(condition)).total_seconds() / 3600
        return self.rng.expovariate(1 / min(0.5, limit * 0.06))

    def _left_hours(self) -> float:
        case = self.case
        if case.case_due_at is None:
            return 0.0
        left = timing.calendar_for(case).remaining(case.entered_at, case.case_due_at, timing.basis_of(case))
        return left.total_seconds() / 3600

    def _limit_hours(self) -> float:
        assert self.case.condition is not None
        length = timing.calendar_for(self.case).length(timing.limit_of(self.case.condition))
        return length.total_seconds() / 3600

    def _suspend(self) -> None:
        until = clock.today() + timedelta(days=self.rng.randint(10, 60))
        self._move(
            "ask_suspension",
            {
                "until": until,
                "reason": self._reason("suspension_reasons"),
                "note": "需列入下一批工程，先做好现场防护。",
            },
        )

    def _ask_extension(self) -> None:
        case = self.case
        if case.case_due_at is None or clock.now() >= case.case_due_at or case.condition is None:
            return
        note = self.what.overdue_reason or "配件到货需要时间。"
        amount = max(1, case.condition.amount // 2)
        self._move(
            "ask_extension", {"amount": amount, "reason": self._reason("extension_reasons"), "note": note}
        )

    def _finish(self) -> None:
        with acting_as(System("demo story")):
            shares = list(
                Support.objects.filter(case=self.case, state__in=["asked", "working"]).select_related("unit")
            )
        for share in shares:
            helpers = self.people.by_unit.get((Role.UNIT_OFFICER, share.unit_id), [])
            if helpers:
                move_support(self.rng.choice(helpers), share.pk, "support_done", {"note": "已到场配合完成。"})
        self._move("finish", {"note": self._say(self.what.handling)}, photo="after")

    def _in_suspension_review(self) -> Step:
        return Step(3, lambda: self._move("approve_suspension", {"note": "同意，做好现场防护。"}))

    def _in_suspended(self) -> Step:
        return Step(24 * 70, lambda: None, working=False)

    def _in_checking(self) -> Step:
        hours = self.rng.uniform(0.5, 7)
        if self.case.reworks < 2 and self._chance(0.06):
            return Step(
                hours,
                lambda: self._move(
                    "fail_check",
                    {"reason": self._reason("rework_reasons"), "note": "到现场看，问题还没有完全解决。"},
                    photo="before",
                ),
            )
        return Step(hours, lambda: self._move("pass_check", {"note": self._say(self.what.check)}))

    def _in_callback(self) -> Step:
        hours = self.rng.uniform(0.5, 8)
        unhappy = self.case.reworks < 2 and self._chance(0.07)
        score = self.rng.choice((1, 2)) if unhappy else self.rng.choices((5, 4, 3), (70, 22, 8))[0]
        note = self._say(self.what.unsatisfied if unhappy else self.what.satisfied)
        if self.reporter and self._chance(0.35):
            return Step(
                hours,
                lambda: self._move(
                    "rate", {"solved": not unhappy, "satisfied": score, "note": note}, who=self.reporter
                ),
            )
        if self._chance(0.1) and not unhappy:
            return Step(
                hours, lambda: self._move("call_back", {"reached": False, "note": "三次拨打无人接听。"})
            )
        return Step(
            hours,
            lambda: self._move(
                "call_back", {"reached": True, "solved": not unhappy, "satisfied": score, "note": note}
            ),
        )

    def _in_closing(self) -> Step:
        assert self.case.condition is not None
        text = self.case.condition.closing_condition
        return Step(self.rng.uniform(0.3, 6), lambda: self._move("close", {"closing_condition": text}))

    def _in_closed(self) -> Step | None:
        case = self.case
        if case.appeal_stage == 1:
            return Step(6, lambda: self._move("review_appeal", {"note": "情况属实，支持申诉。"}))
        if case.appeal_stage == 2:
            verdict = "accept_appeal" if self._chance(0.6) else "reject_appeal"
            return Step(
                8,
                lambda: self._move(
                    verdict, {"note": "同意。" if verdict == "accept_appeal" else "理由不充分。"}
                ),
            )
        if self.reporter and self._once("object", 0.025):
            note = self._say(self.what.unsatisfied)
            return Step(
                self.rng.uniform(10, 100),
                lambda: self._move(
                    "object", {"reason": self._reason("objection_reasons"), "note": note}, who=self.reporter
                ),
                working=False,
            )
        if case.overdue and case.appeal_stage == 0 and self._once("appeal", 0.2):
            note = self.what.overdue_reason or "因连续降雨无法施工，非主观拖延。"
            return Step(12, lambda: self._move("appeal", {"note": note}))
        if self._once("comment", 0.01) and self.what.leader_comment:
            return Step(20, lambda: self._move("comment", {"note": self.what.leader_comment}))
        return None

    def _in_refused(self) -> None:
        return None

    _in_merged = _in_void = _in_refused
