"""T2: each door, with the line that the session holds behind it, is removed; the matrix of foreign records turns red.

The stage is the whole demonstration, the stranger is Elsewhere Alliance, which is in no coalition.
"""

import pytest

from crm.infra import db
from tests import test_every_route as every_route
from tests.mutations.guards import COMMONS, PRIVATE, TWO_SIDED
from tests.mutations.test_guards import control, each, noticed
from tests.mutations.workshop import Edit, Mutant, lower_policies, run
from tests.test_every_route import clock, stage  # noqa: F401 - its fixtures

pytestmark = pytest.mark.long

MATRIX = "tests.test_every_route:test_a_foreign_record_looks_like_one_that_does_not_exist_and_nothing_changes"
WALL = "tests.test_every_route:test_nobody_signed_in_gets_past_a_guarded_page"
ROLES = "tests.test_every_route:test_each_role_gets_no_other_pages_than_its_own"


def door(name: str, endpoint: str, *edits: Edit) -> Mutant:
    return Mutant(f"{name}, at {endpoint}", edits, MATRIX, {"of": endpoint})


MUTANTS = (
    door("person_for", "people.person_get", PRIVATE),
    door("person_for, to edit", "people.person_edit_get", PRIVATE),
    door("note_for", "people.note_removal_post", PRIVATE),
    door("import_for", "people.import_get", PRIVATE),
    door("segment_for", "people.segment_edit_get", PRIVATE),
    door("segment_for, to remove", "people.segment_removal_post", PRIVATE),
    door("bulk_for", "people.bulk_change_get", PRIVATE),
    door("export_for", "people.export_get", PRIVATE),
    door("person_for, consent", "consent.consent_get", PRIVATE),
    door("thread_for", "inbox.thread_get", PRIVATE),
    door("broadcast_for", "broadcasts.broadcast_get", PRIVATE),
    door("conversation_for", "leadership.follow_up_get", PRIVATE, Edit("crm.leadership.queries:_readable", "Conversation.org_id == actor.org_id, ")),
    door("job_for", "jobs.job_get", Edit("crm.infra.jobs:job_for", ", Job.org_id == actor.org_id")),
    door("assembly_for", "assemblies.assembly_get", COMMONS, Edit("crm.assemblies.queries:assembly_for", ", within_reach(actor)")),
    door("assembly_to_run", "assemblies.facts_get", COMMONS, Edit("crm.assemblies.queries:assembly_to_run", ", Assembly.org_id == actor.org_id")),
    door("session_for", "assemblies.session_get", COMMONS, Edit("crm.assemblies.queries:assembly_to_run", ", Assembly.org_id == actor.org_id"),
         Edit("crm.assemblies.queries:session_for", ", within_reach(actor)")),
    door("withdraw_pledge", "turnout.pledge_withdrawal_post", TWO_SIDED),
    door("drop_goal", "turnout.goal_removal_post", TWO_SIDED, Edit("crm.turnout.actions.goals:drop_goal", ", Goal.org_id == actor.org_id")),
    door("drop_helper", "turnout_staffing.helper_removal_post", PRIVATE,
         Edit("crm.turnout.actions.staffing:drop_helper", ", SupportHelper.org_id == actor.org_id")),
    door("platform_for", "platforms.platform_get", COMMONS,
         Edit("crm.platforms.queries.doors:near", "return or_(owner == actor.org_id, live)", "return or_(owner == owner, live)")),
    door("plank_for", "platforms.plank_get", COMMONS,
         Edit("crm.platforms.queries.doors:near", "return or_(owner == actor.org_id, live)", "return or_(owner == owner, live)")),
    door("amendment_for", "platforms.amendment_get", COMMONS,
         Edit("crm.platforms.queries.doors:near", "return or_(owner == actor.org_id, live)", "return or_(owner == owner, live)")),
    door("edition_numbered", "platforms.edition_get", COMMONS,
         Edit("crm.platforms.queries.doors:near", "return or_(owner == actor.org_id, live)", "return or_(owner == owner, live)")),
    door("platform_of_owner", "platforms.heading_get", COMMONS, Edit("crm.platforms.queries.doors:platform_of_owner", ", Platform.org_id == actor.org_id")),
    door("ratification_for", "ratifications.ratification_get", COMMONS),
    door("recommendation_for", "accountability.recommendation_get", COMMONS,
         Edit("crm.accountability.queries.doors:recommendation_for", ", readable(actor, Recommendation)")),
    door("recommendation_to_run", "accountability.recommendation_edit_get", COMMONS,
         Edit("crm.accountability.queries.doors:recommendation_to_run", ", Recommendation.org_id == actor.org_id")),
    door("commitment_for", "accountability.commitment_get", COMMONS,
         Edit("crm.accountability.queries.doors:commitment_for", ", readable(actor, Commitment)")),
    Mutant("everyone is let in without signing in", (Edit("crm.infra.auth:guard", "if g.actor is None:", "if False:"),
           Edit("crm.infra.auth:guard", "if not g.actor.may(view.allows):", "if False:")), WALL, {"of": "people.people_get"}),
    Mutant("every role gets every page", (Edit("crm.infra.auth:guard", "if not g.actor.may(view.allows):", "if False:"),), ROLES,
           {"of": "people.person_edit_get", "role": "volunteer"}),
)


@pytest.fixture
def program_alone(stage):  # noqa: F811
    if not db.is_sqlite():
        lower_policies()


@pytest.fixture
def narrowed(monkeypatch, request, program_alone):
    """The matrix walks one door; the checksum of all rows is left to the whole walk."""
    endpoint = (request.node.callspec.params.get("watch") or request.node.callspec.params["mutant"]).arguments["of"]
    walk = every_route.rules

    def rules(app):
        found = [rule for rule in walk(app) if rule.endpoint == endpoint]
        assert found, f"no route is called {endpoint}"
        return found

    monkeypatch.setattr(every_route, "rules", rules)
    monkeypatch.setattr(every_route, "checksum", lambda: "")


@control(MUTANTS)
def test_the_matrix_is_green_while_the_doors_stand(request, narrowed, watch):
    run(request, watch, broken=False)


@each(MUTANTS)
def test_a_door_that_is_gone_is_noticed(request, narrowed, mutant):
    noticed(request, mutant)
