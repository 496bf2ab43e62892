"""F4: each figure is measured beside its raw limit in the same run and printed; a collapse, not a slow day, fails."""

import json
import os
import subprocess
import sys

import pytest

from crm.infra import db, runtime

pytestmark = pytest.mark.long  # a minute and more

SMALL = {
    "texting.texter": 120, "texting.inbound": 80, "texting.callbacks": 80,
    "people.import": 1000, "people.page": 5000, "people.page-far": 2000,
    "people.segment": 3000, "people.search": 3000, "people.duplicates": 2000, "people.merge": 1000,
    "texting.broadcast": 500, "texting.sending": 400, "voting.ballots": 60, "voting.shards": 80, "voting.count": 5000,
    "assembly.lottery": 150, "assembly.check-ins": 120, "assembly.full-house": 90, "assembly.board": 5000, "assembly.roster-far": 1000,
    "assembly.forecast": 8,
}


@pytest.mark.parametrize("name", SMALL)
def test_a_figure_is_measured(app, name, tmp_path, capsys):
    """Small sizes: that the figure can be had and has its shape; `plenary bench` measures at full size."""
    settings = runtime.settings()
    environment = os.environ | {
        "PLENARY_DATA": str(tmp_path), "DATABASE_URL": db.engine().url.render_as_string(hide_password=False) if db.is_sqlite() else settings.database_url,
        "DATABASE_OWNER_URL": settings.database_owner_url if not db.is_sqlite() else "",
    }
    code = f"import json; from crm.bench.run import measure; print(json.dumps(measure({name!r}, size={SMALL[name]})))"
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=280)
    assert ran.returncode == 0, ran.stderr[-3000:]
    (figure,) = json.loads(ran.stdout.strip().splitlines()[-1])
    assert set(figure) == {"name", "value", "unit", "raw", "ratio", "database", "n"}
    assert figure["database"] == ("sqlite" if db.is_sqlite() else "postgresql")
    assert figure["ratio"] > 0.0005
    with capsys.disabled():
        print("\n{name}: {value:,.0f} {unit}, raw {raw:,.0f}, ratio {ratio:.3f} ({database}, n={n:,})".format(**figure))
