"""What every statement of the session is held to: the rows of one organization."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, false, or_
from sqlalchemy.orm import with_loader_criteria

from crm.infra.tables import CommonsRow, PrivateRow, TwoSidedRow


@lru_cache(maxsize=256)  # they are made for every statement
def held_to(org_id: int | None, near: tuple[int, ...]) -> list[Any]:
    """Criteria of a statement within an organization that may read the commons of those near it; without one it reads nothing."""
    if org_id is None:
        return [with_loader_criteria(row, lambda cls: false(), include_aliases=True) for row in (PrivateRow, TwoSidedRow, CommonsRow)]
    return [
        with_loader_criteria(PrivateRow, lambda cls: cls.org_id == org_id, include_aliases=True),
        with_loader_criteria(TwoSidedRow, lambda cls: or_(cls.org_id == org_id, cls.partner_id == org_id), include_aliases=True),
        with_loader_criteria(CommonsRow, lambda cls: cls.org_id.in_(near), include_aliases=True),
    ]


def hides(part: Any, is_seen: bool = False) -> bool:
    """Whether a select reads an entity that SQLAlchemy does not see, as in case(…, value=Person.rung): it would apply no criteria to it."""
    if isinstance(part, Select):
        is_seen = bool(part._propagate_attrs)  # noqa: SLF001 - nothing public says it of a part
    elif not is_seen and "parententity" in part._annotations:  # noqa: SLF001
        return True
    return any(hides(each, is_seen) for each in part.get_children())
