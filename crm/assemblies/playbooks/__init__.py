"""Playbooks as data: one module each, found by name. A new playbook is one file here and one test."""

from importlib import import_module
from pkgutil import iter_modules

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
