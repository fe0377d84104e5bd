"""Cases in somebody's hand pass to their successor, each with a line in its history."""

from wangge.domain.access.actor import Actor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.cases.services import history
from wangge.platform import clock


def pass_handler(successor: Actor, case_ids: list[int], giver_id: int) -> int:
    """Open cases that the giver has in hand become the successor's, where the successor is of the unit that leads.

    Returns how many. Call it in the transaction in which the successor accepts.
    """
    with acting_as(System("cases pass to a successor")):
        cases = Case.objects.filter(pk__in=case_ids, handler_id=giver_id, ended=False)
        passed = 0
        for case in cases.select_for_update(of=("self",)).order_by("pk"):
            post = next((post for post in successor.posts if post.unit_id == case.lead_id), None)
            if post is None:
                continue
            before = history.snapshot(case)
            case.handler_id = successor.user_id
            history.append(case, successor, "handed_over", at=clock.now(), before=before, post=post)
            case.save(update_fields=["handler", "version"])
            passed += 1
        return passed
