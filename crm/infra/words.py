"""The words of templates in the reader's language: each is looked up once and kept.

Flask-Babel's own way finds request, language and catalog anew for every word, through three calls of the template's: a third of what a page costs.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import get_locale
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup


def register(app: Flask) -> None:
    """Installs `_`, `gettext` and `ngettext` for templates, in place of Flask-Babel's."""
    app.jinja_env.globals.update(_=words, gettext=words, ngettext=words_of_number)


@lru_cache
def catalog(language: str) -> NullTranslations:
    """What stands in that language; English, in which everything is written, has none."""
    return Translations.load(Path(__file__).parent.parent / "translations", [language])


@lru_cache(8192)
def _found(language: str, text: str) -> Markup:
    return Markup(catalog(language).ugettext(text))


@lru_cache(8192)
def _whole(language: str, text: str) -> Markup:
    """One into which nothing is put."""
    return _found(language, text) % {}


def _language(context: Context) -> str:
    """As the layout was told; macros that are imported without the page's context ask for it."""
    told = context.get("locale")
    return told or str(get_locale() or "en")


@pass_context
def words(context: Context, text: str, /, **values: Any) -> str:
    """A text in the reader's language. It is always a format (a percent sign stands twice); values are escaped where the page is."""
    if not values:
        whole = _whole(_language(context), text)
        return whole if context.eval_ctx.autoescape else str(whole)
    found = _found(_language(context), text)
    return found % values if context.eval_ctx.autoescape else str(found) % values


@pass_context
def words_of_number(context: Context, singular: str, plural: str, num: int, /, **values: Any) -> str:
    """The same for a number of things."""
    found = catalog(_language(context)).ungettext(singular, plural, num)
    values.setdefault("num", num)
    return Markup(found) % values if context.eval_ctx.autoescape else found % values
