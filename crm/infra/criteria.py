"""What every statement of the session is held to: the rows of one organization."""

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, false, or_, select
from sqlalchemy.orm import with_loader_criteria

from crm.infra.tables import Base, CommonsRow, PrivateRow, TwoSidedRow, ways_of


class Near(NamedTuple):
    """Whose commons an organization reads: those of its circle whole, and of other organizations what belongs to these assemblies."""

    circle: tuple[int, ...]
    assemblies: tuple[int, ...] = ()


@lru_cache(maxsize=256)  # they are made for every statement
def held_to(org_id: int | None, near: Near) -> list[Any]:
    """Criteria of a statement within an organization that may read the commons of those near it; without one it reads nothing."""
    if org_id is None:
        return [with_loader_criteria(row, lambda cls: false(), include_aliases=True) for row in (PrivateRow, TwoSidedRow, CommonsRow)]
    return [
        with_loader_criteria(PrivateRow, lambda cls: cls.org_id == org_id, include_aliases=True),
        with_loader_criteria(TwoSidedRow, lambda cls: or_(cls.org_id == org_id, cls.partner_id == org_id), include_aliases=True),
        *_commons(*near),
    ]


def _commons(circle: tuple[int, ...], assemblies: tuple[int, ...]) -> list[Any]:
    if not assemblies:
        return [with_loader_criteria(CommonsRow, lambda cls: cls.org_id.in_(circle), include_aliases=True)]
    models = [mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__access__ == "commons"]
    seen = ((model, or_(model.org_id.in_(circle), *_belongs(model, model, assemblies))) for model in models)
    return [with_loader_criteria(model, criterion, include_aliases=True) for model, criterion in seen]


def _belongs(model: Any, columns: Any, assemblies: tuple[int, ...]) -> list[Any]:
    """That a row belongs to one of these assemblies, in each way; what lies between is read as tables, which no criteria hold again."""
    return [
        getattr(columns, way.own).in_(assemblies if way.through is None else select(way.through.__table__.c[way.theirs]).where(
            or_(*_belongs(way.through, way.through.__table__.c, assemblies))))
        for way in ways_of(model)
    ]


_ORG = bindparam("own_org")


@lru_cache(maxsize=256)
def own(statement: Any) -> Any:
    """A statement, made once for the whole process, that reads only what belongs to the organization given as :own_org."""
    if statement.is_select and hides(statement):
        raise RuntimeError("a statement that hides whose rows it reads")
    return statement.options(
        *(with_loader_criteria(row, lambda cls: cls.org_id == _ORG, include_aliases=True) for row in (PrivateRow, CommonsRow)),
        with_loader_criteria(TwoSidedRow, lambda cls: or_(cls.org_id == _ORG, cls.partner_id == _ORG), include_aliases=True),
    )


def hides(part: Any, is_seen: bool = False) -> bool:
    """Whether a select reads an entity that SQLAlchemy does not see, as in case(…, value=Person.rung): it would apply no criteria to it."""
    if isinstance(part, Select):
        is_seen = bool(part._propagate_attrs)  # noqa: SLF001 - nothing public says it of a part
    elif not is_seen and "parententity" in part._annotations:  # noqa: SLF001
        return True
    return any(hides(each, is_seen) for each in part.get_children())
