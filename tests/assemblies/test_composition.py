"""An assembly's own seats and standing rules, edited after its playbook set them up; and what a copy takes along."""

from sqlalchemy import select

from crm.assemblies.models import Assembly, DelegationFormula
from crm.assemblies.rules.composition import issues_in_change
from crm.infra.db import session
from tests.assemblies.test_lots import frozen
from tests.assemblies.test_routes import ANSWERS, made
from tests.clients import form_of

GROUP = {"who_en": "Youth seats", "who_es": "Escaños de jóvenes", "count": "4", "role": "participant", "selection": "election", "is_voting": "y"}
FORMULA = {"basis": "members", "per": "50", "rounding": "up", "least": "1", "most": "", "counted_on": "2027-01-20", "alternates_of": "none",
           "alternates_per": "", "alternates_least": "0", "reserved_for": "Youth", "quorum": "1/2", "quorum_of": "credentialed"}


def opened(browser, id, which):
    return form_of(browser.get(f"/assemblies/{id}/seats?{which}=0").text, 'name="who_en"' if which == "group" else 'name="rule_en"')


def test_seats_are_added_changed_and_removed_with_their_reasons_and_history(signed_in, world):
    omar = signed_in("omar")
    id = made(omar, world, "A7")
    path = f"/assemblies/{id}/seats"
    assert path in omar.get(f"/assemblies/{id}").text
    assert omar.post(path + "/groups", data=GROUP).status_code == 303
    assert "Youth seats: 4" in omar.get(f"/assemblies/{id}").text
    first = opened(omar, id, "group")
    assert omar.post(path + "/groups", data={**first, "count": "7"}).status_code == 303
    stale = omar.post(path + "/groups", data={**first, "count": "8", "once": "another press"})
    assert stale.status_code == 422 and "Somebody changed this meanwhile" in stale.text
    bad = omar.post(path + "/groups", data={**GROUP, "who_en": "", "who_es": "", "count": "none", "role": "observer", "selection": "x"})
    for words in ("Write whose seats they are", "at least one seat", "Observers have no vote", "Choose how the seats are filled"):
        assert words in bad.text, words
    assert omar.post(f"/assemblies/{id}/state/announced").status_code == 303
    unsaid = omar.post(path + "/groups", data={**opened(omar, id, "group"), "remove": "1"})
    assert unsaid.status_code == 422 and "say why this changes" in unsaid.text
    assert omar.post(path + "/groups", data={**opened(omar, id, "group"), "remove": "1", "reason": "The city left"}).status_code == 303
    page = omar.get(path + "?lang=es").text
    assert page.count("<li") > 3 and "The city left" in page
    for other in (signed_in("dolores"), signed_in("stranger")):
        assert other.get(path).status_code == other.post(path + "/groups", data=GROUP).status_code == 404


def test_rules_are_edited_alike_and_stand_on_the_public_page(signed_in, client, world):
    omar = signed_in("omar")
    id = made(omar, world, "A7")
    path = f"/assemblies/{id}/seats"
    assert "Write the rule" in omar.post(path + "/rules", data={"rule_en": " "}).text
    assert omar.post(path + "/rules", data={"rule_en": "Nobody speaks twice before everyone spoke once."}).status_code == 303
    first = opened(omar, id, "rule")
    assert omar.post(path + "/rules", data={**first, "rule_en": "At most three issues a year."}).status_code == 303
    page = omar.get(f"/assemblies/{id}").text
    assert "At most three issues a year." in page and "Nobody speaks twice" in page
    assert omar.post(path + "/rules", data={**opened(omar, id, "rule"), "remove": "1"}).status_code == 303
    assert "At most three issues a year." not in omar.get(f"/assemblies/{id}").text and "At most three issues a year." in omar.get(path).text


def test_nobody_s_seat_is_taken_and_a_frozen_lot_keeps_its_seats(signed_in, world, as_org):
    group = {"who": {"en": "Lot"}, "count": 3, "role": "participant", "selection": "lottery", "is_voting": True, "per": {}}
    fewer = {**group, "count": 1}
    assert len(issues_in_change([group], [fewer], {"participant": 2}, True, "", True)) == 3
    assert not issues_in_change([group], [{**group, "count": 2}], {"participant": 2}, False, "", False)
    assert issues_in_change([group], [], {"participant": 1}, False, "", False) and not issues_in_change([group], [], {}, False, "", False)
    assert not issues_in_change([{**group, "count": 1}], [{**group, "count": 2}], {"participant": 9}, False, "", False), "more seats never hurt"
    omar = signed_in("omar")
    id = int(frozen(omar, world).split("/")[2])
    refused = omar.post(f"/assemblies/{id}/seats/groups", data={**GROUP, "selection": "lottery", "reason": "More"})
    assert refused.status_code == 422 and "The pool for the seats by lot is frozen" in refused.text


def test_a_copy_takes_seats_rules_and_the_formula_of_delegations_along(signed_in, world, as_org):
    omar = signed_in("omar")
    id = made(omar, world, "A3")
    assert omar.post(f"/assemblies/{id}/seats/groups", data=GROUP).status_code == 303
    assert omar.post(f"/assemblies/{id}/seats/rules", data={"rule_en": "Speak once."}).status_code == 303
    assert omar.post(f"/assemblies/{id}/delegations/formula", data=FORMULA).status_code == 303
    copied = omar.post(f"/assemblies/{id}/copy", data={**ANSWERS, "day": "2028-03-18"})
    assert copied.status_code == 303, copied.text
    new = int(copied.location.rsplit("/", 1)[1])
    with as_org("southbank"):
        old_day, new_day = (session().get_one(Assembly, one).day for one in (id, new))
        formula = session().scalars(select(DelegationFormula).where(DelegationFormula.assembly_id == new)).one()
        source = session().scalars(select(DelegationFormula).where(DelegationFormula.assembly_id == id)).one()
        assert (formula.per, formula.reserved_for, formula.quorum_of, formula.published_at) == (50, "Youth", "credentialed", None)
        assert new_day - formula.counted_on == old_day - source.counted_on
    page = omar.get(f"/assemblies/{new}").text
    assert "Youth seats: 4" in page and "Speak once." in page
