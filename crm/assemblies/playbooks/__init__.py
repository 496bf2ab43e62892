"""Playbooks as data: one module each, found by name. A new playbook is one file here and one test."""

from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from crm.assemblies.playbooks.shape import Group, Playbook

PLAYBOOKS = {
    playbook.id: playbook
    for playbook in sorted(
        (
            import_module(f"{__name__}.{module.name}").PLAYBOOK
            for module in iter_modules(__path__)
            if module.name.startswith("a") and module.name[1:3].isdigit()
        ),
        key=lambda playbook: int(playbook.id[1:]),
    )
}


def playbook_of(kind):
    """The playbook of that id, or None."""
    return PLAYBOOKS.get(kind)


def playbook_in_force(assembly: Any) -> Playbook:
    """The playbook of an assembly's kind with the assembly's own seats and standing rules, where it has its own."""
    own = playbook_of(assembly.kind)
    if assembly.groups is not None:
        own = replace(own, groups=tuple(Group(**group) for group in assembly.groups))
    return own if assembly.standing_rules is None else replace(own, rules=tuple(assembly.standing_rules))
