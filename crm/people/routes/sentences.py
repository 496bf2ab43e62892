"""How lists are said: a condition as a chip, a whole tree as a sentence, in the reader's language."""

from datetime import date

from flask_babel import gettext as _

from crm.infra.auth import Actor
from crm.infra.look import day, number
from crm.kernel.refusal import N_
from crm.people import rules
from crm.people.queries import Fact

_WHEN = {
    "since": N_("%(what)s since %(day)s"),
    "before": N_("%(what)s before %(day)s"),
    "within": N_("%(what)s in the last %(n)s days"),
    "not_within": N_("%(what)s in the last %(n)s days"),
    "next": N_("%(what)s in the next %(n)s days"),
    "never": N_("%(what)s so far"),
    "unknown": N_("%(what)s as far as we know"),
}
_HOW_MANY = {"at_least": N_("at least %(n)s"), "at_most": N_("at most %(n)s"), "is": N_("exactly %(n)s")}
_HOW_HIGH = {"at_least": N_("%(value)s or higher"), "at_most": N_("%(value)s or lower"), "is": N_("%(value)s"), "known": N_("any"), "unknown": N_("none")}
_OWN = {
    "contains": N_("have “%(value)s” somewhere in “%(fact)s”"),
    "is": N_("have “%(value)s” in “%(fact)s”"),
    "is_not": N_("do not have “%(value)s” in “%(fact)s”"),
    "at_least": N_("have %(value)s or more in “%(fact)s”"),
    "at_most": N_("have %(value)s or less in “%(fact)s”"),
    "known": N_("have something in “%(fact)s”"),
    "unknown": N_("have nothing in “%(fact)s”"),
}


class Sayer:
    """Says conditions of one actor's lists; looks each fact's choices up once."""

    def __init__(self, actor: Actor, facts: dict[str, Fact]):
        self.actor, self.facts = actor, facts
        self._choices: dict[str, dict[str, str]] = {}

    def value(self, fact: Fact, value: str) -> tuple[str, str]:
        """A value in words, and the answer behind its colon where there is one."""
        first, _colon, second = value.partition(":") if fact.more is not None else (value, "", "")
        if fact.name not in self._choices:
            self._choices[fact.name] = dict(fact.choices_for(self.actor) or ())
        words = self._choices[fact.name].get(first, first)
        if words and fact.choices is not None and not callable(fact.choices):  # an organization's own words are nobody's to translate
            words = _(words)
        more = dict(fact.more or ()).get(second, second)
        return words, _(more) if more else ""

    def label(self, fact: Fact) -> str:
        """What the fact is called; an organization's own words are nobody's to translate."""
        return fact.label if fact.name.startswith("custom:") else _(fact.label)

    def chip(self, condition: rules.Condition) -> str:
        """A condition as a chip says it: Tag: Steward."""
        fact = self.facts.get(condition.fact)
        if fact is None:
            return condition.fact
        label, (value, more) = self.label(fact), self.value(fact, condition.value)
        if fact.kind == "flag":
            return label if condition.comparison == "is" else _("Not: %(fact)s", fact=label)
        value = f"{value}, {more}" if more else value
        if condition.comparison == "is":
            return _("%(fact)s: %(value)s", fact=label, value=value)
        if fact.kind in ("date", "day") and condition.comparison in _WHEN:
            return self._when(label if condition.comparison not in ("not_within", "never", "unknown") else _("Not: %(fact)s", fact=label), condition)
        comparison = _(rules.COMPARISONS[fact.kind].get(condition.comparison, "is"))
        return _("%(fact)s %(comparison)s %(value)s", fact=label, comparison=comparison, value=value).strip()

    def phrase(self, condition: rules.Condition) -> str:
        """A condition as it finishes "People who …"."""
        fact = self.facts.get(condition.fact)
        if fact is None:
            return condition.fact
        value, more = self.value(fact, condition.value)
        is_no = condition.comparison in ("is_not", "not_within", "never", "unknown")
        does = fact.does_not if is_no and fact.does_not else fact.does
        if not does:
            return self._own(fact, condition, value)
        if fact.kind in ("times", "number"):
            value = _(_HOW_MANY[condition.comparison], n=value)
        elif fact.kind in ("level", "score"):
            value = _(_HOW_HIGH[condition.comparison], value=value)
        said = _(does, value=value, more=more)
        return self._when(said, condition) if fact.kind in ("date", "day") else said

    def _own(self, fact: Fact, condition: rules.Condition, value: str) -> str:
        label = self.label(fact)
        if fact.kind == "flag":
            return _(_OWN[condition.comparison], value=_("Yes"), fact=label)
        if fact.kind == "day" and condition.comparison in _WHEN:
            what = _("have no day in “%(fact)s”", fact=label) if condition.comparison == "not_within" else _("have a day in “%(fact)s”", fact=label)
            return self._when(what, condition) if condition.comparison != "unknown" else _(_OWN["unknown"], fact=label)
        return _(_OWN.get(condition.comparison, _OWN["is"]), value=value, fact=label)

    def _when(self, what: str, condition: rules.Condition) -> str:
        if condition.comparison not in _WHEN:
            return what
        said = rules.read_iso_date(condition.value) or (date.max if condition.comparison in ("since", "before") else None)
        days = int(condition.value) if condition.value.isascii() and condition.value.isdigit() else 0
        return _(_WHEN[condition.comparison], what=what, day=day(said), n=number(days))

    def tree(self, tree: dict) -> str:
        """A tree as it finishes "People who …"; what is nested stands in brackets."""
        if "fact" in tree:
            return self.phrase(rules.Condition(tree["fact"], tree["comparison"], tree.get("value", "")))
        join = rules.join_of(tree)
        if join == "none":
            return self._but("", tree[join])
        yes = [each for each in tree.get(join, []) if not each.get("none")]
        no = [each for member in tree.get(join, []) for each in member.get("none", [])] if join == "all" else []
        if join == "any":
            yes = tree[join]
        said = [f"({words})" if "fact" not in each and len(each[rules.join_of(each)]) > 1 else words for each in yes if (words := self.tree(each))]
        joiner = _("and") if join == "all" else _("or")
        text = f" {joiner} ".join(said)
        return self._but(text, no) if no else text

    def _but(self, text: str, no: list) -> str:
        those = ", ".join(filter(None, (_("not those who %(what)s", what=self.tree(each)) for each in no)))
        return _("%(text)s, but %(those)s", text=text, those=those) if text else _("are left when you take away: %(those)s", those=those)


def say_condition(actor: Actor, condition: rules.Condition, facts: dict[str, Fact]) -> str:
    """A condition as a chip says it: Tag: Steward."""
    return Sayer(actor, facts).chip(condition)


def say_definition(actor: Actor, definition: dict, facts: dict[str, Fact], sayer: Sayer | None = None) -> str:
    """A whole tree as a sentence."""
    text = (sayer or Sayer(actor, facts)).tree(definition)
    return _("People who %(what)s", what=text) if text else _("Everyone")
