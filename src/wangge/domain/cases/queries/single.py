"""One case, read at every move: by statements that are built once."""

from typing import Any
from uuid import UUID

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.policy import POLICY
from wangge.domain.cases.models import Case
from wangge.domain.catalogue.models import Condition, Matter
from wangge.platform.db.instances import Instances, all_columns
from wangge.platform.db.kept import kept_asking

_CASE: Instances[Case] = Instances(Case, *all_columns(Case))
_CONDITION: Instances[Condition] = Instances(Condition, *all_columns(Condition))
_WITH_MATTER: Instances[Case] = Instances(
    Case,
    *all_columns(Case),
    *(f"matter__{name}" for name in all_columns(Matter)),
    *(f"condition__{name}" for name in all_columns(Condition)),
)


def visible(actor: AnyActor, case_id: int) -> bool:
    """Whether the actor may see the case, inside their own scope (1 statement)."""
    return bool(_visible(actor, case_id))


@kept_asking(1)
def _visible(actor: AnyActor, case_id: Any) -> Any:
    return Case._base_manager.filter(POLICY["cases.Case", "view"](actor), pk=case_id).values_list("pk")


def with_matter(actor: AnyActor, case_id: int) -> Case | None:
    """The case with its matter and condition, inside the actor's scope (1 statement)."""
    return next(iter(_WITH_MATTER.of(_with_matter(actor, case_id))), None)


@kept_asking(1)
def _with_matter(actor: AnyActor, case_id: Any) -> Any:
    seen = Case._base_manager.filter(POLICY["cases.Case", "view"](actor), pk=case_id)
    return seen.values_list(*_WITH_MATTER.columns)


def with_key(key: UUID) -> Case | None:
    """The case that a report with this key made (1 statement)."""
    return next(iter(_CASE.where("key = %s", [key])), None)


def locked(case_id: int) -> Case:
    """The case with its condition, locked until the transaction ends (2 statements); raises Case.DoesNotExist."""
    case = next(iter(_CASE.where("id = %s FOR UPDATE", [case_id])), None)
    if case is None:
        raise Case.DoesNotExist
    if case.condition_id:
        (case.condition,) = _CONDITION.where("id = %s", [case.condition_id])
    return case
