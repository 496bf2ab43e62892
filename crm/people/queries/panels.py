"""Places on the people room's pages that rooms further down fill; create_app says with what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm.infra.auth import Actor
from crm.kernel.permissions import Action
from crm.people.models import Person


@dataclass(frozen=True)
class PageLink:
    """A button. `argument` is the name under which the endpoint takes the id of the person or the list; `label` is marked."""

    label: str
    icon: str
    action: Action
    endpoint: str
    argument: str = "id"
    is_main: bool = False


@dataclass(frozen=True)
class Panel:
    """A section at the side of a person's page: a template, and what it shows (None: nothing to show)."""

    template: str
    load: Callable[[Actor, Person], dict[str, Any] | None]


PERSON_LINKS: list[PageLink] = []
"""Buttons at the head of a person's page, such as Text and Log a one-on-one."""
SEGMENT_LINKS: list[PageLink] = []
"""Buttons beside a saved list, such as Text this list."""
PERSON_PANELS: list[Panel] = []
"""Sections of a person's page, such as Consent."""
