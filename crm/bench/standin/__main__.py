"""`python -m crm.bench.standin`: the stand-in as a process of its own; prints its address and ends with its standard input."""

import sys

from crm.bench.standin.server import StandIn

standin = StandIn()
standin.checks_answers = False
standin.delay = float(sys.argv[1]) if len(sys.argv) > 1 else 0.0
print(standin.url, flush=True)
sys.stdin.read()
standin.close()
