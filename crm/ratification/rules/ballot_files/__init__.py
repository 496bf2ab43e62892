"""Files of ballots: BLT (ranked elections), .pb (participatory budgets, pabulib.org) and CSV, each read into a contest and grouped ballots.

A file that does not read raises `Refused` with every problem and its line; nothing is guessed or half read.
"""

from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification.rules.ballot_files.blt import read_blt
from crm.ratification.rules.ballot_files.pb import read_pb
from crm.ratification.rules.ballot_files.shape import BallotFile, as_kind
from crm.ratification.rules.ballot_files.sheets import read_sheet


def read_ballot_file(name: str, text: str, kind: str) -> BallotFile:
    """The contest and ballots of a file, by its ending, as the kind of ballots that a method counts."""
    ending = name.rsplit(".", 1)[-1].lower()
    if ending == "blt":
        return as_kind(read_blt(text), kind)
    if ending == "pb":
        return as_kind(read_pb(text), kind)
    if ending in ("csv", "tsv"):
        return as_kind(read_sheet(text, "points" if kind == "support" else kind), kind)
    raise Refused(Reason(N_("The file must end in .blt, .pb or .csv.")))


__all__ = ["BallotFile", "read_ballot_file"]
