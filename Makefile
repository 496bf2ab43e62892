# make run: the demonstration on http://127.0.0.1:8000 · make test: everything under ten minutes · make test-long: the rest
PYTHON ?= python3
BIN = .venv/bin
export PLENARY_DATA ?= $(CURDIR)/instance
export PYTHONDONTWRITEBYTECODE =  # tests start hundreds of processes, and each would compile the house anew

.PHONY: run test test-sqlite-base test-sqlite-halls test-postgresql test-browser test-faults test-long long-sqlite first-sqlite long-postgresql rest-postgresql \
  long-faults-sqlite long-faults-postgresql lint messages pictures lock apt clean

run: .venv/ready
	$(BIN)/plenary run --demo

.venv/ready: requirements.lock pyproject.toml $(wildcard crm/translations/*/LC_MESSAGES/messages.po)
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	$(BIN)/pybabel --quiet compile -d crm/translations
	touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

apt:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
	  else echo "The browser tests need Chromium. Run: sudo apt-get install -y chromium"; exit 1; fi
	@command -v redis-server >/dev/null || command -v valkey-server >/dev/null || \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq redis-server >/dev/null || true; \
	  else echo "One test of the queue needs Redis and is skipped without it: sudo apt-get install -y redis-server"; fi

lint: .venv/ready-dev
	$(BIN)/ruff check crm tests migrations wsgi.py

# What the database decides together with the program (who may see and press what, locks, what happens once): on PostgreSQL first, where the
# policies hold too, and on SQLite in the long run.
FIRST_THERE = tests/adversary tests/test_every_route.py \
  tests/outreach/test_cap.py tests/outreach/test_gate.py tests/outreach/test_ledger.py tests/outreach/test_outbox.py \
  tests/people/test_privacy.py tests/people/test_sight.py tests/ratification/test_casting.py tests/ratification/test_secrecy.py

# What runs on PostgreSQL before the long run: that, and what differs by database.
DECIDED_THERE = tests/infra tests/test_migrations.py $(FIRST_THERE)

# SQLite has two lanes about equally long, so that no core waits for the other.
BASE = tests/accountability tests/accounts tests/infra tests/kernel tests/leadership tests/outreach tests/people tests/platforms tests/tables tests/turnout

BROWSER = tests/browser tests/turnout/test_tablet.py

# One suite on one database. What computes gives way to the drills, which hold running processes to a clock.
suite = $(if $(AGAIN),test -e $(KEPT)/$@ ||) { rm -f $(KEPT)/$@; mkdir -p $(KEPT); TEST_DATABASE=$(1) $(2) $(BIN)/pytest \
  -o cache_dir=$(KEPT)/$@-failed $(AGAIN) $(3) && touch $(KEPT)/$@; }
KEPT = .pytest_cache
GIVING_WAY = nice -n 5

# All suites at once, each one's output together. What failed runs once more when the machine is quiet: two cores that five suites share can make
# a browser wait in vain. What fails alone has failed.
at_once = $(MAKE) --no-print-directory --keep-going -j5 --output-sync=target $(1) || $(MAKE) --no-print-directory $(1) AGAIN="--lf --lfnf=none"

test: .venv/ready-dev apt lint
	$(call at_once,test-sqlite-halls test-postgresql test-browser test-faults test-sqlite-base)

test-sqlite-base:
	$(call suite,sqlite,$(GIVING_WAY),-m "not long and not browser" $(BASE) $(addprefix --ignore=,$(FIRST_THERE)))

test-sqlite-halls:
	$(call suite,sqlite,$(GIVING_WAY),-m "not long and not browser" --ignore=tests/faults $(addprefix --ignore=,$(BASE) $(FIRST_THERE)))

test-faults:
	$(call suite,postgresql,,-m "not long" tests/faults)

test-postgresql:
	$(call suite,postgresql,$(GIVING_WAY),-m "not long and not one_database" $(DECIDED_THERE))

# Chromium is driven on SQLite here and on PostgreSQL in the long run; the journeys by HTTP run on both.
test-browser:
	$(call suite,sqlite,,-m "browser and not long" $(BROWSER))

test-long: .venv/ready-dev apt
	$(call at_once,long-faults-postgresql long-faults-sqlite rest-postgresql long-postgresql long-sqlite first-sqlite)

long-faults-postgresql:
	$(call suite,postgresql,,-m long tests/faults)

long-faults-sqlite:
	$(call suite,sqlite,,tests/faults)

long-sqlite:
	$(call suite,sqlite,$(GIVING_WAY),-m long --ignore=tests/faults)

first-sqlite:
	$(call suite,sqlite,$(GIVING_WAY),-m "not long" $(FIRST_THERE))

long-postgresql:
	$(call suite,postgresql,$(GIVING_WAY),-m "(long or browser) and not one_database" --ignore=tests/faults)

rest-postgresql:
	$(call suite,postgresql,$(GIVING_WAY),-m "not long and not browser and not one_database" --ignore=tests/faults $(addprefix --ignore=,$(DECIDED_THERE)))

# English messages out of the code, into the Spanish catalog; then write what is missing there.
messages: .venv/ready-dev
	$(BIN)/pybabel --quiet extract --ignore-dirs '.*' -F babel.cfg -k N_ -k _l -k lazy_gettext --no-location --sort-output --omit-header -o messages.pot .
	$(BIN)/pybabel --quiet update -i messages.pot -d crm/translations -l es --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 120
	rm messages.pot

# The pictures of docs/organizers.md and of the README, taken anew from the pages themselves.
pictures: .venv/ready-dev apt
	$(BIN)/python -m tests.browser.pictures

lock: .venv/ready-dev
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --extra dev --extra redis pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv instance $(KEPT)
