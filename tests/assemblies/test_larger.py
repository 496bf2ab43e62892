"""Invitations to a larger assembly by link: for organizations that are no partners, one use, an end, shown on both sides."""

import re

from sqlalchemy import select

from crm.assemblies.models import AssemblyPartner, FederationEdge, LargerInvitation
from crm.infra import jobs
from crm.infra.db import session
from tests.assemblies.test_federation import INPUT
from tests.assemblies.test_routes import made


def link_from(browser, id, label="River union"):
    assert browser.post(f"/assemblies/{id}/federation/links", data={"label": label}).status_code == 303
    return re.search(r"(/larger/[\w-]{22})", browser.get(f"/assemblies/{id}/federation").text)[1]


def congress_and_county(signed_in, world):
    """A congress of Southbank, and an assembly of an organization that shares nothing with it."""
    omar, vasquez = signed_in("omar"), signed_in("stranger")
    congress = made(omar, world, "A11", title_en="Congress")
    county = made(vasquez, world, "A8", partners=[], title_en="County")
    for browser, id in ((omar, congress), (vasquez, county)):
        assert browser.post(f"/assemblies/{id}/state/announced").status_code == 303
    return omar, congress, vasquez, county


def test_whoever_holds_the_link_brings_a_local_assembly_once(signed_in, client, world, as_org):
    omar, congress, stranger, county = congress_and_county(signed_in, world)
    assert omar.post(f"/assemblies/{congress}/federation/links", data={"label": " "}).status_code == 422
    link = link_from(omar, congress)
    assert "/sign-in" in client.get(link).location and stranger.get(f"/assemblies/{congress}").status_code == 404
    page = stranger.get(link).text
    assert "Congress" in page and "Southbank Tenants Union" in page and f'value="{county}"' in page
    assert stranger.post(link, data={}).status_code == 422
    assert "own invitation" in omar.post(link, data={"child_id": str(congress)}).text
    taken = stranger.post(link, data={"child_id": str(county)})
    assert taken.status_code == 303 and taken.location.endswith(f"/assemblies/{county}/federation")
    jobs.run_due()
    assert "Congress" in stranger.get(taken.location).text and stranger.get(link).status_code == 404, "one use"
    assert stranger.get(f"/assemblies/{congress}").status_code == 200, "a guest reads of that assembly what partners read"
    told = omar.get(f"/assemblies/{congress}/federation").text
    assert "River union" in told and "Accepted" in told and link not in told and "<strong>County</strong>" in told
    assert stranger.post(f"/assemblies/{county}/inputs", data=INPUT).status_code == 303
    assert INPUT["title"] in omar.get(f"/assemblies/{congress}/federation").text
    with as_org("southbank"):
        assert session().scalars(select(FederationEdge.parent_id).where(FederationEdge.child_id == county)).one() == congress
        row = session().scalars(select(AssemblyPartner).where(AssemblyPartner.assembly_id == congress, AssemblyPartner.partner_id == world.orgs["elsewhere"]))
        assert row.one().state == "accepted"
    assert omar.get(f"/assemblies/{congress}/federation?lang=es").status_code == 200


def test_within_the_coalition_the_link_opens_the_larger_assembly_as_well(signed_in, world):
    omar, dolores = signed_in("omar"), signed_in("dolores")
    congress = made(omar, world, "A11", partners=[], title_en="Congress")
    county = made(dolores, world, "A8", partners=[], title_en="County")
    assert omar.post(f"/assemblies/{congress}/state/announced").status_code == dolores.post(f"/assemblies/{county}/state/announced").status_code == 303
    assert dolores.get(f"/assemblies/{congress}").status_code == 404
    assert dolores.post(link_from(omar, congress), data={"child_id": str(county)}).status_code == 303
    jobs.run_due()
    assert dolores.get(f"/assemblies/{congress}/delegations").status_code == 200
    assert "Mill District Workers Center" in omar.get(f"/assemblies/{congress}/partners").text


def test_a_link_is_declined_taken_back_or_runs_out(signed_in, world, clock, as_org):
    omar, congress, stranger, county = congress_and_county(signed_in, world)
    link = link_from(omar, congress)
    assert stranger.post(link + "/declined").status_code == 303 and stranger.get(link).status_code == 404
    assert "Declined" in omar.get(f"/assemblies/{congress}/federation").text
    second = link_from(omar, congress)
    removal = re.search(rf'action="(/assemblies/{congress}/federation/links/\d+/removal)"', omar.get(f"/assemblies/{congress}/federation").text)[1]
    assert stranger.post(removal).status_code == 404
    assert omar.post(removal).status_code == 303 and stranger.get(second).status_code == 404
    assert omar.post(removal).status_code == 422
    third = link_from(omar, congress)
    clock.move(days=31)
    assert signed_in("stranger").post(third, data={"child_id": str(county)}).status_code == 404
    assert "Ran out" in signed_in("omar").get(f"/assemblies/{congress}/federation").text
    with as_org("southbank"):
        assert sorted(session().scalars(select(LargerInvitation.state))) == ["declined", "open", "revoked"]
        assert not session().scalars(select(FederationEdge)).all()


def test_a_link_makes_no_circle_and_no_second_parent(signed_in, world):
    omar, congress, stranger, county = congress_and_county(signed_in, world)
    first, second = link_from(omar, congress), link_from(omar, made(omar, world, "A11", title_en="Another"), "Again")
    assert stranger.post(first, data={"child_id": str(county)}).status_code == 303
    refused = stranger.post(second, data={"child_id": str(county)})
    assert refused.status_code == 422 and "part of another one already" in refused.text
    back = link_from(stranger, county)
    assert "go round in a circle" in omar.post(back, data={"child_id": str(congress)}).text
