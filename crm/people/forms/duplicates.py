"""Forms of duplicates and merges. Which value stays is read from the fields of the page, each named `keep-` and the field."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from crm.infra.web import Form
from crm.kernel.numbers import read_id


class DecideForm(Form):
    """One button beside a candidate; `walk` says that the next one is to come up."""

    walk = HiddenField()


class MergeForm(Form):
    """Which records become one and what each of them was when it was looked at."""

    kept = HiddenField(_l("Whose page stays"))
    pair = HiddenField()

    @staticmethod
    def ids(typed: Mapping) -> list[int]:
        """The records, each once."""
        return list(dict.fromkeys(id for text in typed.getlist("person")[:50] if (id := read_id(text))))

    @staticmethod
    def choices(typed: Mapping) -> dict[str, int]:
        """field → the record whose value stays."""
        return {name.removeprefix("keep-"): id for name, text in typed.items() if name.startswith("keep-") and (id := read_id(text))}

    @staticmethod
    def versions(typed: Mapping) -> dict[int, int]:
        """record → its version when it was looked at."""
        read = {read_id(name.removeprefix("version-")): read_id(text) for name, text in typed.items() if name.startswith("version-")}
        return {id: version for id, version in read.items() if id and version}
