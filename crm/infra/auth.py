"""Who is acting, and what each page demands: every view says @allow(Action.X) or @public("why")."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user

from crm.infra import sight
from crm.infra.clock import now
from crm.infra.db import scope_to
from crm.kernel.permissions import Action, Role, may


@dataclass(frozen=True)
class Actor:
    """Who does a thing, for which organization: an account by its grant, a job, or the holder of a link."""

    org_id: int
    role: Role | None = None
    account_id: int | None = None
    name: str = ""
    link: Any = None
    org_name: str = ""
    org_mark: str = ""
    time_zone: str = "UTC"
    is_coalition: bool = False
    list_id: int | None = None
    task: str | None = None

    def may(self, action: Action) -> bool:
        """Whether this actor's role includes the action; a job may do what its caller was allowed."""
        return self.name == SYSTEM or may(self.role, action, self.task)

    @classmethod
    def system(cls, org_id: int) -> "Actor":
        """The program itself, working for one organization."""
        return cls(org_id=org_id, name=SYSTEM)

    @classmethod
    def by_link(cls, link: Any) -> "Actor":
        """The holder of a link, working for the organization that gave it out."""
        return cls(org_id=link.org_id, link=link)


SYSTEM = "Plenary"


def allow(action: Action) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """This view is for signed-in people whose grant includes `action`."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        view.allows = action  # type: ignore[attr-defined]
        return view

    return declare


def fresh(view: Callable[..., Any]) -> Callable[..., Any]:
    """This view takes out or takes away what matters most: whoever has not said the password in the last minutes says it again."""
    view.is_fresh = True  # type: ignore[attr-defined]
    return view


ask_again: Callable[[], Any] = lambda: abort(403)  # noqa: E731 - set by create_app
"""None where the password was said lately; else the page that asks for it."""


def public(why: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """This view asks for no sign-in, for the reason given."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        view.is_public_because = why  # type: ignore[attr-defined]
        return view

    return declare


def declaration(view: Callable[..., Any]) -> Action | str | None:
    """What a view declared: the action, the reason for being public, or None."""
    return getattr(view, "allows", None) or getattr(view, "is_public_because", None)


def own_path(path: str | None) -> str:
    """The path if it is one of ours; never another host. Browsers drop tabs and line ends: "/\\t/elsewhere" is "//elsewhere" to them."""
    return path if path and re.match(r"/(?![/\\])[^\s\\\x00-\x1f]*$", path) else "/"


def actor() -> Actor:
    """The signed-in actor of this request."""
    found = getattr(g, "actor", None)
    if found is None:
        abort(403)
    return found


def guard() -> Any:
    """Before every request: the view's declaration is kept, and the session is held to the actor's organization and people."""
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    user = current_user._get_current_object()  # noqa: SLF001 - each look through the proxy asks for it again
    g.actor = user.actor if user.is_authenticated else None
    scope_to(g.actor.org_id if g.actor else None)
    if getattr(view, "is_public_because", None):
        return None
    if g.actor is None:
        if request.method == "GET" and "HX-Request" not in request.headers:
            return redirect(url_for("accounts.sign_in_get", next=request.full_path.rstrip("?")))
        abort(403 if request.method != "GET" else 401)
    if not g.actor.may(view.allows):  # type: ignore[attr-defined]
        abort(403)
    if (seen := sight.sight_of(g.actor, now())) != sight.sight():
        sight.look_with(seen)
    return ask_again() if getattr(view, "is_fresh", False) else None


def refuse_undeclared(app: Flask) -> None:
    """Stops the program at start if a view forgot to say who may use it."""
    public_files = {"static", "bootstrap.static"}
    forgotten = [name for name, view in app.view_functions.items() if name not in public_files and declaration(view) is None]
    if forgotten:
        raise RuntimeError(f"these views do not say who may use them: {', '.join(sorted(forgotten))}")
    for name in public_files & set(app.view_functions):
        app.view_functions[name] = public("style sheets and pictures")(_wrap(app.view_functions[name]))


def _wrap(view: Callable[..., Any]) -> Callable[..., Any]:
    def static_file(**arguments: Any) -> Any:
        return view(**arguments)

    return static_file
