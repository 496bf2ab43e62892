"""Duplicates: which records are probably one person. Pure: records in, pairs with a probability and reasons out.

`find_pairs(records)` answers for a whole list, in time linear in its length. After an edit, look up who shares one of
`keys_of(record)` (text, stable, made to be stored and indexed) and `judge` the edited record with each of them, with
`Frequencies.of(records)` counted once for the list: what is rare in a list tells more than what is common.
"""

from crm.people.rules.duplicates.blocking import keys_of
from crm.people.rules.duplicates.normalizing import Frequencies
from crm.people.rules.duplicates.pairing import find_pairs, judge
from crm.people.rules.duplicates.reading import records_of
from crm.people.rules.duplicates.records import NATIONAL_ID, Pair, Record

__all__ = ["NATIONAL_ID", "Frequencies", "Pair", "Record", "find_pairs", "judge", "keys_of", "records_of"]
