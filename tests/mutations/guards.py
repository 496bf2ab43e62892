"""The guards, each with the test that must notice when it is gone."""

from crm.kernel.permissions import Role
from crm.outreach.rules.gate import Home
from tests.mutations.workshop import Edit, Mutant

PRIVATE = Edit("crm.infra.criteria:held_to", "with_loader_criteria(PrivateRow, lambda cls: cls.org_id == org_id, include_aliases=True),")
TWO_SIDED = Edit("crm.infra.criteria:held_to",
                 "with_loader_criteria(TwoSidedRow, lambda cls: or_(cls.org_id == org_id, cls.partner_id == org_id), include_aliases=True),")
COMMONS = Edit("crm.infra.criteria:held_to", "*_commons(*near),")
NO_CRITERIA = Edit("crm.infra.db:_hold_to_organization", "*criteria.held_to(org_id, near()), ")

ISOLATION, LINKS, ACCOUNTS = "tests.infra.test_isolation:test_", "tests.infra.test_audit_and_links:test_", "tests.accounts.test_routes:test_"
FRESH = "tests.accounts.test_fresh:test_"
CASTING, SECRECY, VOTES = "tests.ratification.test_casting:test_", "tests.ratification.test_secrecy:test_", "tests.ratification.test_journey:test_"
PLATFORMS, TEXTS, TWILIO = "tests.platforms.test_routes:test_", "tests.outreach.test_broadcasts:test_", "tests.outreach.test_twilio:test_"
LADDER, PEOPLE, ASSEMBLIES = "tests.leadership.test_routes:test_", "tests.people.test_routes:test_", "tests.assemblies.test_routes:test_"
PLANS, DOOR, ANSWERS = "tests.platforms.test_actions:test_", "tests.turnout.test_door:test_", "tests.turnout.test_actions:test_"
LINT, OUTBOX = "tests.outreach.test_lint:test_", "tests.outreach.test_outbox:test_"
WAY = {"way": "select"}

SESSION = (
    Mutant("session: private rows of all", (PRIVATE,), ISOLATION + "no_way_of_reading_shows_another_organizations_person", WAY),
    Mutant("session: private rows of all, counted", (PRIVATE,), ISOLATION + "counting_sees_what_reading_sees"),
    Mutant("session: updates and deletes reach all", (PRIVATE,), ISOLATION + "get_and_refresh_and_bulk_writes_do_not_reach_it"),
    Mutant("session: a statement made once reads all", (Edit("crm.infra.criteria:own", "for row in (PrivateRow, CommonsRow)", "for row in ()"),),
           ISOLATION + "no_way_of_reading_shows_another_organizations_person", WAY),
    Mutant("session: a statement made once hides what it reads", (Edit("crm.infra.criteria:own", "statement.is_select and hides(statement)", "False"),),
           ISOLATION + "a_statement_that_hides_whose_rows_it_reads_is_refused", {"way": "grouped"}),
    Mutant("session: two-sided rows of all", (TWO_SIDED,), "tests.ratification.test_actions:test_a_partner_reads_only_its_own_seats"),
    Mutant("session: commons of all", (COMMONS,), VOTES + "partners_read_and_strangers_find_nothing"),
    Mutant("session: nothing is held to an organization", (NO_CRITERIA,), ISOLATION + "no_way_of_reading_shows_another_organizations_person", WAY),
    Mutant("session: a list holds nobody back", (Edit("crm.infra.db:_hold_to_organization", ', *state.session.info.get("narrowed", ())'),),
           "tests.people.test_sight:test_a_volunteer_of_a_list_sees_its_people_and_finds_no_other"),
    Mutant("session: aliases escape", (
        Edit("crm.infra.criteria:held_to", "cls.org_id == org_id, include_aliases=True", "cls.org_id == org_id, include_aliases=False"),
    ), ISOLATION + "no_way_of_reading_shows_another_organizations_person", {"way": "alias"}),
    Mutant("session: reads without an organization", (
        Edit("crm.infra.db:_hold_to_organization", 'if org_id is None and accesses - {"directory", ""}:', "if False:"),
    ), ISOLATION + "without_an_organization_nothing_private_is_read"),
    Mutant("session: counts without an organization", (
        Edit("crm.infra.criteria:held_to", "for row in (PrivateRow, TwoSidedRow, CommonsRow)]", "for row in ()]"),
    ), ISOLATION + "without_an_organization_nothing_is_counted"),
    Mutant("session: a statement hides what it reads", (
        Edit("crm.infra.db:_hold_to_organization", "if not state.is_orm_statement and criteria.hides(state.statement):", "if False:"),
    ), "tests.infra.test_isolation:test_a_statement_that_hides_whose_rows_it_reads_is_refused", {"way": "grouped"}),
    Mutant("session: keeps what was loaded for another", (Edit("crm.infra.db:scope_to", "s.expunge_all()", "pass"),),
           ISOLATION + "what_was_loaded_for_one_is_forgotten_for_the_next"),
    Mutant("session: the organization changes inside a transaction", (
        Edit("crm.infra.db:scope_to", 'if s.info.get("writes"):', "if False:"),
    ), ISOLATION + "the_organization_does_not_change_inside_a_transaction"),
    Mutant("flush: another's rows are written", (Edit("crm.infra.db:_check_flush", "if org_id is None or not _may_write(row, access, org_id):", "if False:"),),
           ISOLATION + "rows_of_another_organization_are_not_written"),
    Mutant("flush: private rows are not looked at", (Edit("crm.infra.db:_may_write", "return row.org_id == org_id", "return True"),),
           ISOLATION + "rows_of_another_organization_are_not_written"),
    Mutant("flush: writes outside a transaction", (Edit("crm.infra.db:_check_flush", 'if changed and not s.info.get("writes"):', "if False:"),),
           ISOLATION + "a_write_outside_a_transaction_is_refused"),
    Mutant("bulk insert: another's rows are written", (Edit("crm.infra.db:_check_rows", "raise RuntimeError", "RuntimeError"),),
           ISOLATION + "rows_of_another_organization_are_not_written"),
    Mutant("circle: members that left still read", (
        Edit("crm.organizations.queries:_whose", "mine.ended_at.is_(None), theirs.ended_at.is_(None), "),
        Edit("crm.platforms.queries.doors:near", "CoalitionMembership.ended_at.is_(None),"),
    ), PLANS + "a_member_that_left_finds_nothing"),
    Mutant("circle: guests that left still read", (Edit("crm.organizations.queries:_whose", ", Guest.ended_at.is_(None)"),),
           ISOLATION + "a_guest_reads_of_one_assembly_until_that_ends"),
    Mutant("circle: guests read of every assembly", (
        Edit("crm.infra.criteria:_belongs", "getattr(columns, way.own).in_(assemblies if way.through is None else ",
             "getattr(columns, way.own).is_not(None) if way.through is None else getattr(columns, way.own).in_("),
    ), ISOLATION + "a_guest_reads_of_one_assembly_until_that_ends"),
    Mutant("circle: guests read what belongs to other assemblies' texts", (
        Edit("crm.infra.criteria:_belongs", "or_(*_belongs(way.through, way.through.__table__.c, assemblies))", "way.through.__table__.c.id.is_not(None)"),
    ), ISOLATION + "a_guest_reads_of_one_assembly_until_that_ends"),
)

EDGE = (
    Mutant("guard: a view that says nothing", (Edit("crm.infra.auth:refuse_undeclared", "if forgotten:", "if False:"),),
           "tests.test_every_route:test_a_view_that_says_nothing_stops_the_program"),
    Mutant("guard: asks no role", (Edit("crm.infra.auth:guard", "if not g.actor.may(view.allows):", "if False:"),), LADDER + "roles"),
    Mutant("guard: every role may everything", (Edit("crm.infra.auth:Actor.may", "self.name == SYSTEM or may(self.role, action, self.task)", "True"),),
           LADDER + "roles"),
    Mutant("guard: nobody is sent to sign in", (
        Edit("crm.infra.auth:guard", "if g.actor is None:", "if False:"), Edit("crm.infra.auth:guard", "if not g.actor.may(view.allows):", "if False:"),
    ), ACCOUNTS + "whoever_is_not_signed_in_is_sent_to_sign_in_and_back"),
    Mutant("CSRF: no token is asked", (
        Edit("flask_wtf.csrf:validate_csrf", "secret_key = _get_config(", "return\n    secret_key = _get_config("),
    ), ACCOUNTS + "a_post_without_the_token_is_refused"),
    Mutant("submit: pressing twice does it twice", (Edit("crm.infra.web:submit", "s.add(Submission(key=key, location=location, at=now()))", "pass"),),
           LADDER + "pressing_twice_logs_once"),
    Mutant("submit: both looks and the key's uniqueness", (
        Edit("crm.infra.web:submit", "if done is not None:", "if False:"),
        Edit("crm.infra.web:submit", "if (done := s.get(Submission, key)) is not None:", "if False:"),
        Edit("crm.infra.web:submit", "s.add(Submission(key=key, location=location, at=now()))", "s.merge(Submission(key=key, location=location, at=now()))"),
    ), LADDER + "pressing_twice_logs_once"),
    Mutant("transaction: what raised is kept", (Edit("crm.infra.db:transaction", "s.rollback()\n        raise", "s.commit()\n        raise"),),
           "tests.infra.test_jobs:test_nothing_runs_if_the_transaction_rolls_back"),
    Mutant("link: never ends", (
        Edit("crm.infra.links:read_link", "or (now - link.expires_at).total_seconds() > grace_seconds"),
    ), LINKS + "a_link_is_kept_as_a_hash_and_ends"),
    Mutant("link: cannot be revoked", (Edit("crm.infra.links:read_link", "or link.revoked_at is not None"),),
           LINKS + "a_link_is_kept_as_a_hash_and_ends"),
    Mutant("link: revoking does nothing", (Edit("crm.infra.links:revoke_links", ".values(revoked_at=now)", ".values(revoked_at=None)"),),
           LINKS + "a_link_is_kept_as_a_hash_and_ends"),
    Mutant("link: opens for any purpose", (Edit("crm.infra.links:read_link", ", Link.purpose == purpose"),),
           LINKS + "a_link_is_kept_as_a_hash_and_ends"),
    Mutant("link: kept as it is sent", (Edit("crm.infra.links:_hash", "hashlib.sha256(token.encode()).hexdigest()", "token"),),
           LINKS + "a_link_is_kept_as_a_hash_and_ends"),
    Mutant("link: another's, in a text of ours", (Edit("crm.infra.links:expand_links", " and current_org() in (link.org_id, link.partner_id)"),),
           LINKS + "a_text_carries_the_address_only_when_it_leaves"),
    Mutant("link: typed by hand", (Edit("crm.outreach.rules.templates:fill", 'place[0] if place[0] in values.get("link", "") else ""', "place[0]"),),
           "tests.outreach.test_gate:test_a_link_s_place_that_was_typed_is_left_out"),
    Mutant("sign-in: leads to another host", (
        Edit("crm.infra.auth:own_path", 're.match(r"/(?![/\\\\])[^\\s\\\\\\x00-\\x1f]*$", path)', 'path.startswith("/") and not path.startswith("//")'),
    ), ACCOUNTS + "sign_in_leads_to_no_other_host"),
    Mutant("audit: the chain is not compared", (Edit("crm.infra.audit:broken_link", "!= entry.hash", "is None"),),
           LINKS + "every_link_of_the_chain_follows_and_any_edit_is_found"),
    Mutant("audit: a link forgets the one before", (
        Edit("crm.infra.audit:link_hash", "[previous, org_id, number, *plain]", "[org_id, number]"),
    ), LINKS + "every_link_of_the_chain_follows_and_any_edit_is_found"),
    Mutant("job: any organization's", (Edit("crm.infra.jobs:job_for", ", Job.org_id == actor.org_id"),),
           "tests.infra.test_jobs:test_stop_over_http_and_only_by_its_own_organization"),
    Mutant("job: a claim has no lease", (Edit("crm.infra.jobs:claim", "timedelta(seconds=settings().lease_seconds)", "timedelta(seconds=-1)"),),
           "tests.infra.test_jobs:test_a_claimed_job_is_nobody_elses_until_its_lease_ends"),
    Mutant("sign-in: any password", (Edit("crm.accounts.actions.signing:_matches", "return False", "pass"),),
           ACCOUNTS + "wrong_password_and_unknown_address_look_alike"),
    Mutant("sign-in: tries without end", (Edit("crm.accounts.actions.signing:_is_said", "if failures >=", "if False and failures >="),),
           ACCOUNTS + "tries_are_limited"),
    Mutant("sign-in: outlives sign-out", (Edit("crm.accounts.actions.signing:sign_out", "== hash_of(token)", '== ""'),),
           ACCOUNTS + "a_copied_cookie_is_dead_after_sign_out"),
    Mutant("sign-in: never ends", (Edit("crm.accounts.rules:is_live", "now - seen_at < IDLE and now - started_at < LONGEST", "True"),),
           ACCOUNTS + "a_sign_in_ends_after_two_idle_hours_and_after_twelve"),
    Mutant("guard: the password is not asked again", (
        Edit("crm.infra.auth:guard", 'ask_again() if getattr(view, "is_fresh", False) else None', "None"),
    ), FRESH + "within_five_minutes_nobody_is_asked_and_afterwards_everybody_is"),
    Mutant("guard: any password said again will do", (
        Edit("crm.accounts.actions.signing:confirm", "if not _is_said(account, account.email, password, address, now):", "if False:"),
    ), FRESH + "the_form_goes_on_with_everything_that_was_typed"),
    Mutant("openings: any number in an hour", (Edit("crm.people.rules.reveals:may_reveal", "if opened.this_hour >= limits.an_hour:", "if False:"),),
           "tests.people.test_sight:test_thirty_an_hour_and_forty_a_day_where_nothing_else_was_said"),
    Mutant("openings: any number of phones", (Edit("crm.people.rules.reveals:may_reveal", "if more_numbers and", "if False and"),),
           "tests.people.test_scraping:test_numbers_are_counted_apart_from_people"),
    Mutant("openings: nobody is told", (Edit("crm.people.actions.reveals:_raise_alarms", "if not reasons or", "if True or"),),
           "tests.people.test_scraping:test_administrators_see_it_on_their_first_page_and_say_when_they_looked"),
    Mutant("grant: a role that ended", (
        Edit("crm.accounts.queries:signed_in", "(Grant.id == SignIn.grant_id) & or_(Grant.expires_at.is_(None), Grant.expires_at > now)",
             "Grant.id == SignIn.grant_id"),
    ), ACCOUNTS + "a_changed_role_acts_on_the_next_request"),
    Mutant("grant: anybody's", (Edit("crm.accounts.actions.signing:act_for", "if grant_id not in", "if False and grant_id not in"),),
           ACCOUNTS + "nobody_acts_by_anothers_grant"),
    Mutant("password: the others stay signed in",
           (Edit("crm.accounts.actions.signing:change_password", "SignIn.token_hash != hash_of(keep_token)", "SignIn.token_hash == None"),),
           ACCOUNTS + "changing_the_password_ends_other_sign_ins_and_names_every_problem"),
)

TABLET, RESIDENCE = "tests.ratification.test_one_visit:test_a_tablet_", "tests.ratification.test_residents:test_"
BALLOTS = (
    Mutant("ballot: a second one is counted", (
        Edit("crm.ratification.actions.casting:_statement", ", func.get_bit(RollBits.bits, bit) == 0"),
        Edit("crm.ratification.actions.casting:mark_seat", "if has_bit(shards[shard], bit):", "if False:"),
    ), CASTING + "fifty_different_ballots_of_one_member_count_once"),
    Mutant("ballot: the bit is not set", (
        Edit("crm.ratification.actions.casting:_statement", "func.set_bit(RollBits.bits, bit, 1)", "RollBits.bits"),
        Edit("crm.ratification.actions.casting:mark_seat", "with_bit(shards[shard], bit)", "shards[shard]"),
    ), CASTING + "fifty_different_ballots_of_one_member_count_once"),
    Mutant("ballot: hours are not asked", (Edit("crm.ratification.actions.casting:cast_ballot", "refusal = may_cast(", "refusal = None and may_cast("),),
           CASTING + "the_clock_decides_at_both_edges"),
    Mutant("ballot: before the opening", (Edit("crm.ratification.rules.states:may_cast", 'or now < opens_at and state == "open"'),),
           CASTING + "the_clock_decides_at_both_edges"),
    Mutant("ballot: the closing instant counts", (Edit("crm.ratification.rules.states:may_cast", "now >= closes_at", "now > closes_at"),),
           CASTING + "the_clock_decides_at_both_edges"),
    Mutant("ballot: after the close", (Edit("crm.ratification.rules.states:may_cast", 'state != "open" or now >= closes_at', "now >= closes_at"),),
           CASTING + "the_clock_decides_at_both_edges"),
    Mutant("ballot: a copied page is cast again",
           (Edit("crm.ratification.actions.casting:_put_in",
                 'raise Refused(Reason(N_("This ballot page was used before. Open your link again and start over."))) from None', "return"),),
           CASTING + "a_copied_ballot_page_is_refused_and_sets_no_bit"),
    Mutant("ballot: an event names the voter", (
        Edit("crm.ratification.actions.casting:cast_ballot", "return Receipt(",
             'from crm.infra import audit\n    audit.record(actor, "ballot.cast", now=now, subject=("seat", seat.seat))\n    return Receipt('),
    ), SECRECY + "a_cast_writes_the_bit_and_the_ballot_and_nothing_else"),
    Mutant("ballot: a seat that left the roll", (Edit("crm.ratification.rules.states:may_cast", "if is_struck:", "if False:"),),
           "tests.ratification.test_seats_of_others:test_a_struck_seat_casts_nothing"),
    Mutant("ballot: not whole", (Edit("crm.ratification.actions.casting:cast_ballot", "if draft.picks is None:", "if False:"),),
           CASTING + "the_cast_itself_refuses_what_is_not_whole"),
    Mutant("tablet: any pass", (Edit("crm.ratification.routes.holders:holder", 'request.form.get("pass") != booth.pass_key', "False"),),
           TABLET + "opens_all_ballots_of_the_visit_in_one_go"),
    Mutant("tablet: open after the last ballot", (Edit("crm.ratification.routes.holders:holder", " or not left_on_tablet(booth.entry_id or 0)"),),
           TABLET + "opens_all_ballots_of_the_visit_in_one_go"),
    Mutant("tablet: opened for who has voted on all", (Edit("crm.ratification.actions.booths:unlock_booth", "if not (left := left_on_tablet(entry.id)):",
                                                         "left = left_on_tablet(entry.id)\n    if False:"),),
           TABLET + "opens_all_ballots_of_the_visit_in_one_go"),
    Mutant("ballot: opens under a full stop", (Edit("crm.ratification.routes.holders:holder", "if stop and not number:", "if False:"),),
           "tests.ratification.test_one_visit:test_a_ballot_opens_under_one_spelling_of_its_link"),
    Mutant("papers: goes on whatever the sheets say", (Edit("crm.ratification.rules.paper:issues_by_sheets", "by_sheets > issued", "False"),),
           "tests.ratification.test_paper:test_a_held_vote_goes_on_only_where_the_sheets_say_that_no_paper_is_unknown"),
    Mutant("residence: a question gives a seat", (Edit("crm.ratification.actions.rolls:_declared_to_live", ", Residence.state.in_(COUNTING)", ","),),
           RESIDENCE + "whoever_got_a_link_declares_on_their_own_page"),
    Mutant("residence: a challenge is undone by declaring", (
        Edit("crm.ratification.actions.asking_residents:declare_by_link", 'if found.state == "challenged":', "if False:"),
    ), RESIDENCE + "whoever_got_a_link_declares_on_their_own_page"),
    Mutant("residence: any link opens the page", (Edit("crm.infra.links:read_link", ", Link.purpose == purpose"),),
           RESIDENCE + "a_link_of_another_kind_or_organization_declares_nothing"),
    Mutant("vote: a draft is everyone's",
           (Edit("crm.ratification.queries.votes:drafts_of", "owner_id == actor.org_id and actor.may(Action.RUN_VOTES)", "True"),),
           VOTES + "a_draft_is_the_owners_alone"),
    Mutant("vote: any coalition's", (COMMONS,), VOTES + "partners_read_and_strangers_find_nothing"),
    Mutant("vote: partners run it", (Edit("crm.ratification.queries.votes:owned_for", "if found.org_id != actor.org_id:", "if False:"),),
           VOTES + "partners_read_and_strangers_find_nothing"),
    Mutant("vote: closes early without a reason", (Edit("crm.ratification.rules.states:may_close", "now < closes_at and not reason.strip()", "False"),),
           VOTES + "an_early_close_needs_a_reason_and_publishes_it"),
    Mutant("vote: links of every organization's members", (
        Edit("crm.ratification.queries.notices:_own_entries", ", RollEntry.partner_id == actor.org_id"), TWO_SIDED,
    ), "tests.ratification.test_seats_of_others:test_a_link_is_replaced_by_the_members_own_organization_only"),
    Mutant("vote: letters of every organization", (
        Edit("crm.ratification.queries.notices:letters_for", "Notice.org_id == actor.org_id, "), PRIVATE, TWO_SIDED,
    ), VOTES + "who_cannot_be_texted_gets_a_letter_of_their_own_organization_only"),
)

UNREAD = "tests.outreach.test_unread_endings:test_"
TEXTING = (
    Mutant("gate: never asked at claim", (Edit("crm.outreach.actions.claiming:_passes", "names = why_not(facts, now)", "names = []"),),
           TEXTS + "a_stop_between_queueing_and_sending_is_obeyed"),
    Mutant("gate: who opted out", (
        Edit("crm.outreach.rules.gate:why_not", 'if facts.consent == "revoked":', "if False:"),
        Edit("crm.outreach.rules.gate:why_not", 'elif facts.consent != "given" and', "elif facts.consent is None and"),
    ), TEXTS + "a_stop_between_queueing_and_sending_is_obeyed"),
    Mutant("gate: who may have asked for no texts", (Edit("crm.outreach.rules.gate:why_not", 'found.append("may_end")', "pass"),),
           UNREAD + "a_doubtful_reply_holds_what_is_on_its_way"),
    Mutant("calls: who may have asked for no texts since the claim", (Edit("crm.outreach.actions.claiming:halted", ", Thread.id.is_not(None)"),),
           UNREAD + "it_holds_what_was_claimed_and_not_called_yet"),
    Mutant("replies: a harmless text takes the doubt away", (
        Edit("crm.outreach.actions.receive:_keep_unread", "if reading.may_end and thread.may_end_since is None:",
             "thread.may_end_since = None\n    if reading.may_end:"),
    ), UNREAD + "a_harmless_text_does_not_clear_it", {"after": "thanks"}),
    Mutant("replies: a denied START starts", (Edit("crm.outreach.rules.replies.reading:read_reply", "and NEGATED.search(bare(text))", "and False"),),
           UNREAD + "a_start_that_is_denied_starts_nothing"),
    Mutant("gate: who never agreed", (Edit("crm.outreach.rules.gate:why_not", 'facts.consent != "given"', "False"),),
           TEXTS + "who_is_left_out_is_said_with_the_way_to_fix_it"),
    Mutant("gate: the daily cap", (Edit("crm.outreach.rules.gate:why_not", 'found.append("cap")', "pass"),),
           TEXTS + "the_daily_cap_holds_across_broadcasts"),
    Mutant("gate: quiet hours", (Edit("crm.outreach.rules.gate:why_not", "open_until(facts.zones, now, facts.week) is None", "False"),),
           "tests.outreach.test_gate:test_all_reasons_come_at_once"),
    Mutant("gate: a number that is not registered", (Edit("crm.outreach.rules.gate:why_not", "if not facts.is_sender_approved:", "if False:"),),
           TWILIO + "nothing_leaves_without_a_registered_sender"),
    Mutant("webhook: any signature",
           (Edit("crm.outreach.providers.twilio:Twilio._is_signed", "self.validator.validate(address, request.form, given, self.algorithm)", "True"),),
           TWILIO + "forged_calls_change_nothing"),
    Mutant("webhook: any account", (
        Edit("crm.outreach.providers.twilio:Twilio._is_signed", 'request.form.get("AccountSid") == self.account_sid', "True"),
    ), TWILIO + "forged_calls_change_nothing"),
)

DRIVE, SENDING = "tests.outreach.test_drives:test_", "tests.outreach.test_sending:test_"
DRIVES = (
    Mutant("drive: another volunteer's people", (
        Edit("crm.outreach.queries.texting:contact_for", ", DriveContact.texter_id == holder.texter.id"),
        Edit("crm.outreach.queries.texting:talk_with", ", DriveContact.texter_id == holder.texter.id"),
    ), DRIVE + "a_link_reaches_its_own_people_only"),
    Mutant("drive: at any hour", (Edit("crm.outreach.rules.drives:is_open", "time(opens) <= local.time() < end", "True"),),
           DRIVE + "quiet_hours_and_the_drives_own_hours_hold"),
    Mutant("drive: stopped, and goes on", (Edit("crm.outreach.rules.drives:is_open", 'state == "open"', "True"),),
           DRIVE + "stop_holds_presses_and_what_waits_and_resume_goes_on"),
    Mutant("drive: as fast as a machine", (Edit("crm.outreach.actions.texting:_count", "if texter.minute_count >= rules.MOST_A_MINUTE:", "if False:"),),
           DRIVE + "limits_of_a_day_and_of_a_minute_hold"),
    Mutant("drive: the whole list in a day", (Edit("crm.outreach.rules.drives:may_take", "min(batch, most - shown)", "batch"),),
           DRIVE + "limits_of_a_day_and_of_a_minute_hold"),
    Mutant("drive: whom the gate refuses", (Edit("crm.outreach.actions.texting:_set_aside", "names = why_not(facts, now)", "names = []"),),
           DRIVE + "the_gate_is_asked_when_taking_when_pressing_and_when_claiming"),
    Mutant("broadcast: above the limit, alone", (Edit("crm.outreach.rules.options:needs_second", "> limit", "> 10**9"),),
           SENDING + "above_the_limit_a_second_person_agrees_to_exactly_what_is_sent"),
    Mutant("sign-up: switched off, and takes", (
        Edit("crm.outreach.actions.signing_up:sign_up", "if not texting_options(organization.options).signs_up:", "if False:"),
    ), "tests.outreach.test_sign_up:test_an_administrator_switches_the_page_off"),
    Mutant("sign-up: framed without a mark of ours", (Edit("crm.outreach.actions.signing_up:refuse_other_marks", "raise Refused(STALE)", "return"),),
           "tests.outreach.test_sign_up:test_a_framed_form_that_we_did_not_make_is_shown_again", {"mark": ""}),
    Mutant("frame: in anybody's site", (Edit("crm.outreach.routes.signing_up:_framed", "if not hosts:", "if False:"),),
           "tests.outreach.test_sign_up:test_only_the_organizations_own_sites_show_the_page_in_a_frame"),
)

LEDGER, OPT_OUTS, HOURS = "tests.outreach.test_ledger:test_", "tests.outreach.test_opt_outs:test_", "tests.outreach.test_hours:test_"
SIGN_UP, CAPPED, REGISTRATION = "tests.outreach.test_sign_up:test_", "tests.outreach.test_cap:test_", "tests.outreach.test_registration:test_"
CONSENT = (
    Mutant("consent: half a yes (R1)", (Edit("crm.outreach.actions.consent:give_consent", "if issues or refusal:", "if refusal:"),),
           LEDGER + "nothing_is_sent_on_half_a_yes", {"field": "evidence"}),
    Mutant("consent: a part of a yes is not asked for (R1)", (
        Edit("crm.outreach.rules.consent:issues_before_giving", "if not yes.collector.strip():", "if False:"),
    ),
           LEDGER + "a_yes_without_any_one_of_its_parts_is_none", {"field": "collector"}),
    Mutant("consent: another organization's yes (R2)", (PRIVATE,), LEDGER + "a_yes_to_one_organization_is_nothing_to_another"),
    Mutant("consent: a no to one purpose only (R7)", (
        Edit("crm.outreach.rules.consent:replay", 'if entry.kind == "given" and entry.purpose != purpose:', "if entry.purpose != purpose:"),
    ), LEDGER + "a_no_ends_every_purpose_and_a_yes_only_its_own"),
    Mutant("consent: a yes is for every purpose (R1)", (
        Edit("crm.outreach.rules.consent:replay", 'if entry.kind == "given" and entry.purpose != purpose:', "if False:"),
        Edit("crm.outreach.rules.consent:consent_for", "states.get(purpose)", "states.get(PURPOSE)"),
    ), LEDGER + "a_no_ends_every_purpose_and_a_yes_only_its_own"),
    Mutant("consent: a STOP is of one number (R7)", (Edit("crm.outreach.queries.facts:facts_of", "text.person_id in known.stopped and", "False and"),),
           CAPPED + "a_stop_on_one_number_ends_the_other"),
    Mutant("consent: START for whoever (R10)", (Edit("crm.outreach.actions.consent:_renew", "if refusal or not evidence:", "if False:"),),
           LEDGER + "start_brings_back_each_purpose_that_was_there"),
    Mutant("consent: staff end a STOP (C13)", (Edit("crm.outreach.rules.consent:may_give", "if last.source in THEIR_OWN:", "if False:"),),
           TEXTS + "only_they_can_start_again"),
    Mutant("consent: staff take back what was written by the person", (
        Edit("crm.outreach.rules.consent:may_take_back", "account_id is None or entry.source not in {*STAFF_GIVEN, *STAFF_REVOKED}", "False"),
    ), LEDGER + "staff_take_back_only_what_staff_wrote"),
    Mutant("consent: taken back without a reason", (Edit("crm.outreach.rules.consent:may_take_back", "if not why.strip():", "if False:"),),
           LEDGER + "staff_take_back_only_what_staff_wrote"),
    Mutant("consent: a list revives (C13)", (
        Edit("crm.outreach.actions.consent_lists:_give_fresh", "if phone not in known]", "]"),
    ), TEXTS + "only_they_can_start_again"),
    Mutant("opt-out: kept, not obeyed (R6)", (Edit("crm.outreach.actions.opt_outs:record_opt_out", "if number:", "if False:"),),
           OPT_OUTS + "each_way_of_saying_it_ends_texts_at_once", {"source": "paper"}),
    Mutant("opt-out: received tomorrow (C5)", (
        Edit("crm.outreach.rules.consent:issues_before_recording", 'if kind == "revoked" and received_on and received_on > today:', "if False:"),
    ), OPT_OUTS + "no_later_than_now"),
    Mutant("sign-up: without the tick (R3)", (Edit("crm.outreach.actions.signing_up:sign_up", "if not agrees:", "if False:"),),
           SIGN_UP + "no_box_is_ticked_and_without_it_nothing_is_kept"),
    Mutant("sign-up: the same number without end", (Edit("crm.outreach.actions.signing_up:sign_up", "> MOST_OF_ONE_PHONE", "> 10**9"),),
           SIGN_UP + "a_number_is_not_signed_up_again_and_again"),
    Mutant("sign-up: one connection without end (S10)", (Edit("crm.outreach.actions.signing_up:sign_up", ">= MOST_FROM_ONE_PLACE", ">= 10**9"),),
           SIGN_UP + "one_connection_cannot_fill_the_list"),
    Mutant("hours: the address says nothing (R13)", (Edit("crm.outreach.rules.gate:place_of", "(*(home.zones for home in homes), by_number)", "(by_number,)"),),
           HOURS + "whoever_may_be_in_new_york_is_not_texted_in_its_night"),
    Mutant("hours: the area code says nothing (R13)", (Edit("crm.outreach.rules.gate:place_of", "zones_of_number(phone) if phone else ()", "()"),),
           HOURS + "all_the_zones_somebody_may_be_in", {"phone": "+14155550100", "home": Home(region="NY"), "zones": ("America/New_York",)}),
    Mutant("hours: no state's law (R13)", (Edit("crm.outreach.rules.laws:binding", 'purpose != "fundraising" and "own" not in exempt', "True"),),
           HOURS + "what_asks_for_money_keeps_the_law_of_every_state",
           {"phone": "+14015550100", "region": "RI", "day": "Mon", "hour": 18, "organizing": True, "fundraising": False}),
    Mutant("hours: anybody sets a rule aside (R13)", (
        Edit("crm.outreach.actions.exemptions:_refuse_others", "if not actor.may(Action.ADMINISTER):", "if False:"),
    ),
           HOURS + "who_may_declare_and_what"),
    Mutant("hours: set aside without a reason (R13)", (Edit("crm.outreach.rules.laws:issues_before_exempting", "if len(reason.split()) < 3:", "if False:"),),
           HOURS + "an_administrator_sets_a_rule_aside_with_a_reason_and_takes_it_back"),
    Mutant("hours: the provider holds a text into the night (R14)", (
        Edit("crm.outreach.rules.hours:validity_seconds", "None if left < SHORTEST_VALIDITY else min(LONGEST_VALIDITY, left)", "LONGEST_VALIDITY"),
    ), HOURS + "the_provider_may_not_hold_a_text_into_the_night"),
    Mutant("hours: an answer is held for an hour (R14, R16)", (
        Edit("crm.outreach.rules.gate:validity_for", "left if left >= SHORTEST_VALIDITY else 0", "3600"),
    ), HOURS + "an_answer_that_may_leave_only_now_is_not_held_longer"),
    Mutant("cap: each number by itself (R15)", (
        Edit("crm.outreach.queries.facts:_known_of", 'kind in ("left", "elsewhere")', 'kind == "left"'),
    ), CAPPED + "the_daily_cap_holds_in_a_race"),
    Mutant("cap: more than three (R15)", (Edit("crm.outreach.rules.laws:cap_for", "min([MORE_THAN_EVER, ", "min([99, "),),
           HOURS + "two_a_day_and_never_more_than_three", {"purpose": "organizing", "states": [], "exempt": ("own_cap",), "most": 3}),
    Mutant("answers: at any hour (R16)", (Edit("crm.outreach.rules.gate:_answers_at_once", "and now - facts.wrote_at <= ANSWER_WITHIN"),),
           "tests.outreach.test_gate:test_exemptions_and_their_edges", {"purpose": "answer", "wrote": 16, "consent": "given", "hour": 23, "goes": False}),
    Mutant("alert: by one person (R16)", (
        Edit("crm.outreach.actions.broadcasts:confirm_broadcast", "broadcast.purpose == SAFETY or "),
        Edit("crm.outreach.rules.gate:why_not", "facts.purpose == SAFETY and not facts.is_agreed", "False"),
    ), "tests.outreach.test_kinds:test_an_alert_leaves_at_night_when_a_second_person_agrees"),
    Mutant("alert: agreed to by nobody, at claim (R16)", (
        Edit("crm.outreach.rules.gate:why_not", "facts.purpose == SAFETY and not facts.is_agreed", "False"),
    ), "tests.outreach.test_kinds:test_an_alert_that_nobody_else_agreed_to_is_refused_at_claim"),
    Mutant("answers: STOP is confirmed each time (R9)", (Edit("crm.outreach.actions.receive:_stop", "is_news and not (", "not ("),),
           "tests.outreach.test_receive:test_two_stops_get_one_confirmation"),
    Mutant("answers: no HELP after an opt-out (R11)", (Edit("crm.outreach.rules.gate:why_not", "if facts.purpose in AUTOMATIC:", "if False:"),),
           "tests.outreach.test_gate:test_exemptions_and_their_edges",
           {"purpose": "help_answer", "wrote": None, "consent": None, "hour": 3, "goes": True}),
    Mutant("sender: another organization's (R17)", (Edit("crm.outreach.actions.senders:save_sender", "_is_shared(actor, read, service)", "False"),),
           REGISTRATION + "no_two_organizations_text_from_the_same", {"number": "510-555-0142", "service": ""}),
    Mutant("sender: in any state (R18)", (Edit("crm.outreach.rules.registration:may_send_in", 'state == "approved"', "True"),),
           REGISTRATION + "only_an_approved_registration_sends", {"state": "pending"}),
    Mutant("sender: the registration jumps (R18)", (
        Edit("crm.outreach.rules.registration:issues_before_moving", "then not in STATES or then != state and then not in MOVES[state]", "False"),
    ), REGISTRATION + "how_a_registration_moves", {"state": "approved", "then": "rejected"}),
    Mutant("sender: approved without a brand (R18)", (Edit("crm.outreach.rules.registration:issues_before_moving", 'if then == "approved":', "if False:"),),
           REGISTRATION + "approved_is_said_only_with_what_the_carriers_gave", {"left_out": "brand", "field": "brand"}),
)

RULES = (
    Mutant("replies: STOP is any word (R4)", (Edit("crm.outreach.rules.replies.reading:read_reply", "if stopped:", "if False:"),),
           "tests.outreach.test_replies:test_the_opt_out_words_in_every_shape"),
    Mutant("words: YES is asked for (R12)", (Edit("crm.outreach.rules.lint:issues_with_body", "if word := asked_word(body):", "if word := None:"),),
           LINT + "what_phone_companies_act_on_or_block_is_refused", {"body": "Reply YES if you can come"}),
    Mutant("words: a short link (R20)", (Edit("crm.outreach.rules.lint:issues_with_body", "found += issues_with_links(body, ground.hosts)", "pass"),),
           LINT + "what_phone_companies_act_on_or_block_is_refused", {"body": "All of it: https://bit.ly/3xyz"}),
    Mutant("words: no way out (R21)", (
        Edit("crm.outreach.rules.templates:completed", "elif body and tells_stop and not offers_stop(body):", "elif False:"),
    ), SENDING + "the_first_text_says_it_once_and_the_parts_are_right"),
    Mutant("pace: a minute holds anything (R19)", (
        Edit("crm.outreach.rules.carriers:room", "left.append(limits.per_minute - sum(in_minute.values()))", "left.append(limits.per_minute)"),
    ), SENDING + "the_finish_shown_is_the_finish_had", {"sender": (10, "T", ""), "parts": 700}),
    Mutant("pace: sent though it cannot end today (R19)", (
        Edit("crm.outreach.rules.carriers:issues_with_finish", "if not found.late_parts or is_split:", "if True:"),
    ), SENDING + "what_cannot_leave_in_its_hours_is_late_and_goes_on_tomorrow"),
    Mutant("webhook: answered and not kept (R23)", (
        Edit("crm.outreach.actions.hooks:store_hooks", "kept = insert_new_rows(RawHook, rows)", 'kept = {row["id"] for row in rows}'),
    ), "tests.outreach.test_hooks:test_twenty_at_the_same_moment_are_each_kept_and_acted_on_once"),
    Mutant("callbacks: backward (R24)", (
        Edit("crm.outreach.rules.outbox:next_by_callback", "_rank(status) <= _rank(last) or contradicts(last, status)", "False"),
    ), "tests.outreach.test_outbox:test_every_order_of_callbacks_ends_the_same", {"statuses": ["queued", "sending", "sent", "delivered", "read"]}),
    Mutant("polling: nobody asks what came (R25)", (Edit("crm.outreach.jobs:_poll_if_due", "if not is_done:", "if False:"),),
           "tests.outreach.test_operations:test_twenty_stops_while_we_were_down"),
    Mutant("outbox: a dead worker's tries count (A2)", (Edit("crm.outreach.actions.probing:mark_lost", "text.slowdowns += 1", "pass"),),
           OUTBOX + "workers_that_die_again_and_again_lose_no_text"),
    Mutant("calls: at any time after the claim (A7)", (
        Edit("crm.outreach.providers.pooled:_InTime.send", 'time.monotonic() > getattr(_call, "until", math.inf)', "False"),
    ), TWILIO + "a_call_that_froze_on_its_way_does_not_leave", {"step": "endheaders"}),
)

ROOMS = (
    Mutant("person: another's", (PRIVATE,), PEOPLE + "other_organizations_people_are_missing"),
    Mutant("phone: whole for volunteers", (Edit("crm.people.queries.doors:sees_whole", "actor.may(Action.SEE_CONTACTS)", "True"),),
           PEOPLE + "search_by_phone_and_masks_for_volunteers"),
    Mutant("import: another's", (PRIVATE,), PEOPLE + "no_file_and_foreign_imports"),
    Mutant("broadcast: another's", (PRIVATE,), TEXTS + "others_find_nothing"),
    Mutant("conversation: another's", (PRIVATE, Edit("crm.leadership.queries:_readable", "Conversation.org_id == actor.org_id, ")),
           "tests.leadership.test_actions:test_another_organization_finds_nothing"),
    Mutant("conversation: a colleague's, for volunteers", (Edit("crm.leadership.queries:reads_everyones", "actor.may(Action.EDIT_PEOPLE)", "True"),),
           LADDER + "a_volunteer_reads_only_their_own_talks"),
    Mutant("assembly: whoever's", (Edit("crm.assemblies.queries:assembly_for", ", within_reach(actor)"), COMMONS),
           ASSEMBLIES + "foreign_assembly_is_not_there_and_neither_is_an_uninvited_one"),
    Mutant("assembly: partners who were not asked", (Edit("crm.assemblies.queries:assembly_for", ", within_reach(actor)"),),
           ASSEMBLIES + "foreign_assembly_is_not_there_and_neither_is_an_uninvited_one"),
    Mutant("assembly: partners change it", (Edit("crm.assemblies.queries:assembly_to_run", ", Assembly.org_id == actor.org_id"),),
           ASSEMBLIES + "partner_sees_answers_and_cannot_change"),
    Mutant("lot: a seed is set twice", (Edit("crm.assemblies.rules.lots:issues_in_seed", 'if state in ("drawing", "drawn"):', "if False:"),
                                        Edit("crm.assemblies.rules.lots:issues_in_seed", 'if state != "frozen":', "if False:")),
           "tests.assemblies.test_lots:test_the_seed_is_set_once"),
    Mutant("lot: public before it is frozen", (Edit("crm.assemblies.queries:public_lot", ", Lot.frozen_at.is_not(None)"),),
           "tests.assemblies.test_lots:test_others_find_no_draw_and_partners_do_not_open_the_pool"),
    Mutant("door: partners open one", (Edit("crm.assemblies.queries:assembly_to_run", ", Assembly.org_id == actor.org_id"),),
           DOOR + "partners_cannot_open_a_door_or_see_its_links"),
    Mutant("pledge: a third's", (TWO_SIDED,), ANSWERS + "pledges_by_both_sides"),
    Mutant("RSVP: the convener's too", (Edit("crm.turnout.queries.lists:rsvp_for", ", Rsvp.partner_id == actor.org_id"),),
           ANSWERS + "nobody_else_touches_an_answer_or_its_supports"),
    Mutant("RSVP, support: a third's", (Edit("crm.turnout.queries.lists:rsvp_for", ", Rsvp.partner_id == actor.org_id"), TWO_SIDED),
           ANSWERS + "nobody_else_touches_an_answer_or_its_supports"),
    Mutant("support: a third's", (TWO_SIDED,), ANSWERS + "nobody_else_touches_an_answer_or_its_supports"),
    Mutant("RSVP: somebody else's person", (PRIVATE,), ANSWERS + "somebody_else_s_person_is_missing"),
    Mutant("platform: whoever's", (
        Edit("crm.platforms.queries.doors:near", "return or_(owner == actor.org_id, live)", "return or_(owner == owner, live)"), COMMONS,
    ), PLATFORMS + "a_foreign_organization_finds_nothing"),
    Mutant("platform: of other members of the coalition", (
        Edit("crm.platforms.queries.doors:near", "return or_(owner == actor.org_id, live)", "return or_(owner == owner, live)"),
    ), PLANS + "a_platform_of_one_member_is_its_own"),
    Mutant("platform: partners write", (
        Edit("crm.platforms.queries.doors:platform_to_draft", ", Platform.org_id == actor.org_id"),
        Edit("crm.platforms.queries.doors:platform_of_owner", ", Platform.org_id == actor.org_id"),
    ), PLATFORMS + "a_partner_may_not_write_or_decide"),
    Mutant("platform: any role writes", (Edit("crm.platforms.queries.doors:platform_to_draft", "if not actor.may(action):", "if False:"),),
           PLANS + "who_may_not_decide_freeze_or_stand", {"role": Role.VOLUNTEER}),
    Mutant("amendment: partners decide", (
        Edit("crm.platforms.queries.doors:platform_to_draft", ", Platform.org_id == actor.org_id"),
        Edit("crm.platforms.queries.doors:amendment_to_decide", ", Amendment.org_id == actor.org_id"),
    ),
           PLATFORMS + "a_partner_may_not_write_or_decide"),
    Mutant("amendment: anybody withdraws it", (Edit("crm.platforms.queries.doors:amendment_to_withdraw", ", Amendment.partner_id == actor.org_id"),),
           PLATFORMS + "a_partner_withdraws_only_its_own"),
)

OWED, OWING = "tests.accountability.test_pages:test_", "crm.accountability.queries.doors:recommendation_"
ANSWERS_OWED = (
    Mutant("recommendation: whoever's", (Edit(OWING + "for", ", readable(actor, Recommendation)"), COMMONS),
           OWED + "a_recommendation_is_ours_until_it_is_handed_over"),
    Mutant("recommendation: partners read drafts", (Edit(OWING + "for", ", mine"),), OWED + "a_recommendation_is_ours_until_it_is_handed_over"),
    Mutant("recommendation: partners write", (Edit(OWING + "to_run", ", Recommendation.org_id == actor.org_id"),), OWED + "who_may_write_and_who_may_read"),
    Mutant("recommendation: drafts are public", (Edit("crm.accountability.queries.boards:_shown", " & Recommendation.delivered_on.is_not(None)"),),
           OWED + "a_recommendation_is_ours_until_it_is_handed_over"),
    Mutant("recommendation: of a draft assembly, public", (Edit("crm.accountability.queries.boards:_shown", " & of_assembly"),),
           OWED + "what_belongs_to_a_draft_is_not_public"),
    Mutant("response: a refusal without its reason", (Edit("crm.accountability.rules.answers:issues_in_answer", 'typed["verdict"] in REASONED', "False"),),
           OWED + "silence_is_overdue_in_plain_sight_and_every_answer_stays"),
    Mutant("response: study is an answer", (Edit("crm.accountability.rules.answers:status_of", "verdict not in FINAL", "not verdict"),),
           OWED + "silence_is_overdue_in_plain_sight_and_every_answer_stays"),
    Mutant("commitment: binds without a quorum", (Edit("crm.accountability.rules.commitments:is_met", "not question.problem and "),),
           OWED + "a_commitment_is_judged_on_counted_questions_of_the_room"),
    Mutant("commitment: binds one vote short", (Edit("crm.ratification.methods.shape:votes_needed", "ceil(exact)", "ceil(exact) - 1"),),
           OWED + "a_commitment_is_judged_on_counted_questions_of_the_room"),
    Mutant("commitment: given after its vote", (Edit("crm.accountability.rules.commitments:issues_in_tie", "if is_closed:", "if False:"),),
           "tests.accountability.test_rules:test_a_commitment_comes_before_its_vote"),
)

OPEN = "create policy own on {0} using (true) with check (true)"


def policy_gone(table: str) -> tuple[str, ...]:
    """The table's policies let everyone through."""
    return f"drop policy own on {table}", f"drop policy if exists circle on {table}", OPEN.format(table)


RLS = ISOLATION.removesuffix("test_") + "TestRowLevelSecurity.test_"
POLICIES = (
    Mutant("policy: people, to raw SQL", (), RLS + "raw_sql_sees_only_the_set_organization", sql=policy_gone("people")),
    Mutant("policy: people, to raw writes", (), RLS + "raw_sql_cannot_write_for_another", sql=policy_gone("people")),
    Mutant("policy: people, with the session's criterion", (PRIVATE,), ISOLATION + "no_way_of_reading_shows_another_organizations_person",
           WAY, policy_gone("people")),
    Mutant("policy: seats of a roll, with the session's criterion", (TWO_SIDED,), "tests.ratification.test_actions:test_a_partner_reads_only_its_own_seats",
           sql=policy_gone("roll_entries")),
    Mutant("policy: votes, with the session's criterion", (COMMONS,), VOTES + "partners_read_and_strangers_find_nothing", sql=policy_gone("ratifications")),
    Mutant("policy: the owner is let off", (), RLS + "every_organization_owned_table_is_under_forced_policies",
           sql=("alter table tags no force row level security",)),
    Mutant("policy: switched off", (), RLS + "every_organization_owned_table_is_under_forced_policies",
           sql=("alter table rsvps disable row level security",)),
    Mutant("ledger: its lines are changed (C9)", (), LEDGER + "an_object_of_the_ledger_is_not_changed_either", sql=("drop trigger keep_consents on consents",)),
    Mutant("policy: gone", (), RLS + "every_organization_owned_table_is_under_forced_policies", sql=("drop policy own on events",)),
)

GUARDS = (*SESSION, *EDGE, *BALLOTS, *TEXTING, *DRIVES, *CONSENT, *RULES, *ROOMS, *ANSWERS_OWED)
