"""Duplicates: who is one person and who only shares a home, whatever the order of the rows, and at what cost."""

import io
import json
import random
import time
import zipfile
from dataclasses import replace

import pytest

from crm.cli import main
from crm.kernel.refusal import Refused
from crm.people.rules.duplicates import NATIONAL_ID, Frequencies, Pair, Record, find_pairs, judge, keys_of, records_of
from crm.people.rules.duplicates.blocking import candidates
from crm.people.rules.duplicates.normalizing import read_addresses, read_birth, read_numbers, traits_of
from crm.people.rules.duplicates.reading import roles_of
from tests.people.invented import invented

pytestmark = pytest.mark.one_database

ANA = Record("a", "Ana", "García López", ("(415) 555-0101",), ("ana.garcia@mail.example",), "12 Oak Street", "Apt 3", "Millville", "CA", "94601", "1980-03-05")
CROWD = invented(400, 99)[0]  # strangers, so that frequencies mean something


def pairs_of(*records: Record) -> set[tuple]:
    told = {record.id for record in records}
    return {(p.a, p.b) for p in find_pairs([*CROWD, *records]) if {p.a, p.b} & told}


def verdict(a: Record, b: Record) -> Pair | None:
    return judge(a, b, Frequencies.of([*CROWD, a, b]))


@pytest.mark.parametrize(
    "changed",
    [
        {"given": "Anna"},
        {"given": "García López", "family": "Ana"},
        {"family": "García"},
        {"family": "GARCIA LOPEZ", "given": "ANA"},
        {"family": "Miller"},
        {"birth_date": "1980-05-03"},
        {"birth_date": "05/03/80", "phones": ()},
        {"phones": ("+1 415 555 0102",), "emails": ()},
        {"phones": ("2125550199",), "birth_date": ""},
        {"emails": ("ana.gracia@mail.example",), "phones": ()},
        {"emails": ("ANA.GARCIA at mail.example",), "street": "900 Elm Ave", "extra": "", "city": "Lakeside", "postal_code": "60007"},
        {"street": "12 Oak St #3", "extra": "", "postal_code": "94601-1234"},
        {"street": "", "extra": "", "city": "", "postal_code": "", "region": "", "birth_date": ""},
    ],
    ids=lambda changed: "+".join(changed),
)
def test_one_person_written_twice(changed):
    other = replace(ANA, id="b", **changed)
    assert pairs_of(ANA, other) == {("a", "b")}
    assert set(keys_of(ANA)) & set(keys_of(other)) and verdict(ANA, other).score > 0.5


@pytest.mark.parametrize(
    "changed",
    [
        {"given": "Luis", "birth_date": ""},
        {"given": "Luis", "emails": ("luis@mail.example",), "birth_date": "1978-01-30"},
        {"given": "Beatriz", "birth_date": "1980-03-05", "emails": ("bea@mail.example",)},  # twins
        {"birth_date": "2004-11-20", "emails": ("ana2004@mail.example",)},  # mother and daughter of one name
        {"birth_date": "2004-11-20", "emails": (), "phones": ("4155550177",)},
        {"given": "Luis", "family": "Ortega", "birth_date": ""},
        {
            "phones": ("2125550199",),
            "emails": ("other@mail.example",),
            "street": "9 Elm Rd",
            "city": "Lakeside",
            "postal_code": "60007",
            "birth_date": "1951-09-09",
        },
    ],
    ids=lambda changed: "+".join(f"{value}" for value in changed.values()),
)
def test_a_household_or_a_namesake_is_not_one_person(changed):
    other = replace(ANA, id="b", **changed)
    assert pairs_of(ANA, other) == set() and verdict(ANA, other) is None


@pytest.mark.parametrize(("long", "short"), [("Robert", "Bob"), ("Margaret", "Peggy"), ("Francisco", "Paco"), ("Guadalupe", "Lupita")])
def test_short_names_are_known(long, short):
    one = Record(1, long, "Thornbury", ("4155550111",), street="7 Hill Road", postal_code="94610")
    assert pairs_of(one, replace(one, id=2, given=short)) == {(1, 2)}


def test_a_father_and_a_son_are_not_chained_by_a_row_without_a_birth_date():
    father = Record("f", "Raymond", "Oakes", ("4155550123",), ("ray@mail.example",), "3 Elm Lane", "", "Millville", "", "94602", "1950-02-11")
    son = replace(father, id="s", birth_date="1983-10-27", emails=("rayjr@mail.example",), phones=("4155550188",))
    unclear = replace(father, id="x", birth_date="", emails=(), phones=())
    assert ("f", "s") not in pairs_of(father, son, unclear)
    assert pairs_of(father, replace(father, id="g", phones=()), replace(father, id="h", emails=())) == {("f", "g"), ("f", "h"), ("g", "h")}


def test_a_number_for_life_decides_and_another_list_s_number_only_when_equal():
    plain = Record("a", "Maria", "Smith", ids=((NATIONAL_ID, "123-45-6789"), ("VANID", "881")))
    assert pairs_of(plain, replace(plain, id="b", given="Mary", family="Jones")) == {("a", "b")}
    known = replace(ANA, ids=((NATIONAL_ID, "123-45-6789"),))
    other = verdict(known, replace(known, id="b", ids=((NATIONAL_ID, "987-65-4321"),)))
    assert other is None or other.score < verdict(known, replace(known, id="b")).score
    listed = replace(ANA, ids=(("VANID", "881"),))
    assert verdict(listed, replace(listed, id="b", ids=(("VANID", "902"),))) is not None


def test_reasons_can_be_shown():
    told = verdict(ANA, replace(ANA, id="b", given="Anna", birth_date="1980-05-03", emails=(), street="", extra=""))
    assert [str(why) for why in told.reasons] == [
        "same phone", "names alike: Ana Garcia Lopez / Anna Garcia Lopez", "birth dates with day and month swapped", "same town or postal code",
    ]  # fmt: skip
    told = verdict(ANA, replace(ANA, id="b", street="88 Elm Road", extra="", city="Lakeside", postal_code="60007", family="Miller"))
    assert {"same e-mail", "same given name", "different family names: Garcia Lopez / Miller", "different addresses"} <= set(map(str, told.reasons))


def test_the_order_of_rows_and_of_the_two_never_matters():
    records, _truth = invented(600, 3)
    pairs = find_pairs(records)
    assert pairs and all(p.a < p.b for p in pairs)
    for seed in (1, 2):
        shuffled = list(records)
        random.Random(seed).shuffle(shuffled)
        assert find_pairs(shuffled) == pairs
    frequencies, of = Frequencies.of(records), {record.id: record for record in records}
    dice = random.Random(4)
    asked = [(of[p.a], of[p.b]) for p in pairs] + [tuple(dice.sample(records, 2)) for _ in range(500)]
    answers = [judge(a, b, frequencies) for a, b in asked]
    assert answers == [judge(b, a, frequencies) for a, b in asked] and None in answers


def test_every_pair_is_found_by_stored_keys_or_through_a_third_row():
    records, _truth = invented(600, 5)
    keys = {record.id: set(keys_of(record)) for record in records}
    pairs = {(p.a, p.b) for p in find_pairs(records)}
    for a, b in pairs:
        near = {c for pair in pairs if {a, b} & set(pair) for c in pair}
        assert keys[a] & keys[b] or any(keys[a] & keys[c] and keys[b] & keys[c] for c in near - {a, b})


@pytest.mark.long
def test_comparisons_grow_with_the_list_and_not_with_its_square():
    counts = [sum(1 for _ in candidates([traits_of(r) for r in invented(n, 7)[0]])) for n in (4000, 8000)]
    assert counts[1] < 3 * counts[0]
    # The worst list there is: everybody has one name, one town, one office phone. Each kind of key stays within its window.
    alike = [Record(i, "María", "García", ("4155550100",), city="Millville", postal_code="94601") for i in range(4000)]
    assert sum(1 for _ in candidates([traits_of(r) for r in alike])) < 4000 * 40


def test_an_office_phone_is_nobody_s():
    shared = [replace(record, phones=("4155550000",)) for record in CROWD]
    truth = {(p.a, p.b) for p in find_pairs(CROWD)}
    found = {(p.a, p.b) for p in find_pairs(shared)}
    assert len(found - truth) <= 2


def test_nothing_and_next_to_nothing():
    assert find_pairs([]) == [] and find_pairs([ANA]) == [] and find_pairs([Record(i) for i in range(50)]) == []
    assert find_pairs([Record(1, "María"), Record(2, "María")]) == []
    with pytest.raises(ValueError, match="comes twice"):
        find_pairs([ANA, ANA])


@pytest.mark.parametrize(
    ("read", "text", "expected"),
    [
        (read_numbers, "tel:415-555-0101", ["4155550101"]), (read_numbers, "+1 415 555 0101 ext. 12", ["4155550101"]),
        (read_numbers, "415/555-0101", ["4155550101"]), (read_numbers, "415-555-0101; 415-555-0102", ["4155550101", "4155550102"]),
        (read_numbers, "0000000000", []), (read_numbers, "none", []), (read_addresses, "A.B+list@Gmail.com", ["ab@gmail.com"]),
        (read_addresses, "Ana <ana@x.example>, b@y.example", ["ana@x.example", "b@y.example"]), (read_addresses, "ana at x.example", ["ana@x.example"]),
        (read_birth, "1980-03-05", "19800305"), (read_birth, "19800305", "19800305"), (read_birth, "25/12/1980", "19801225"),
        (read_birth, "March 5, 1980", "19800305"), (read_birth, "1980", "19800000"), (read_birth, "29285", "19800305"), (read_birth, "soon", ""),
        (read_birth, "19801341", "19801341"),
    ],
)  # fmt: skip
def test_cells_as_people_write_them(read, text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("headings", "roles"),
    [
        ("rec_id given_name surname street_number address_1 address_2 suburb postcode state date_of_birth soc_sec_id",
         "key given_name family_name number street extra city postal_code region birth_date national_id"),
        ("row_id first last email phone street apt city zip dob lang", "key given_name family_name email phone street extra city postal_code birth_date "),
        ("clave nombres apellido_paterno apellido_materno correo_electronico celular domicilio ciudad codigo_postal fecha_de_nacimiento",
         "key given_name family_name family_name email phone street city postal_code birth_date"),
        ("id FirstName LastName EmailAddress Mobile_No Addr1 Addr2 Town PostCode DOB Gender SSN",
         "key given_name family_name email phone street extra city postal_code birth_date sex national_id"),
        ("id name phone_type phone birth_place", "key full_name  phone "),
    ],
)  # fmt: skip
def test_columns_by_their_headings(headings, roles):
    assert roles_of(headings.split(), []) == roles.split(" ")


def test_columns_by_their_cells():
    cells = [
        ["7", "Ana", "Ruiz", "ana@x.example", "415-555-0101", "1980-03-05", "12 Oak Street"],
        ["8", "Bo", "Li", "b@x.example", "", "1971-01-02", "9 Elm Rd"],
    ]
    assert roles_of([], cells) == ["key", "given_name", "family_name", "email", "phone", "birth_date", "street"]
    assert roles_of(["k", "c1", "c2", "c3", "c4", "c5", "c6"], cells)[3:] == ["email", "phone", "birth_date", "street"]


SAMPLE = """member,First name,Last name,Phone,E-mail,Address,ZIP,Date of birth
m1,Ana,García,415-555-0101,ana@x.example,12 Oak Street,94601,1980-03-05
m2,Anna,Garcia,(415) 555 0101,,12 Oak St,94601,03/05/1980
m3,Luis,García,415-555-0101,luis@x.example,12 Oak Street,94601,1978-01-30
m4,Robert,Thornbury,212-555-0144,bob@y.example,9 Elm Road,10001,
m5,Bob,Thornbury,,bob@y.example,9 Elm Rd,10001,1960-07-07
m6,Wei,Chen,312-555-0166,wei@z.example,5 Lake Court,60601,1990-12-01
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_command_reads_any_dialect(tmp_path, capsys, encoding, delimiter):
    file = tmp_path / "list.csv"
    file.write_bytes(SAMPLE.replace(",", delimiter).encode(encoding))
    assert main(["people", "duplicates", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["pairs"]
    assert {(p["a"], p["b"]) for p in told} == {("m1", "m2"), ("m4", "m5")}
    assert all(0.5 < p["score"] <= 1 and p["reasons"] for p in told)
    assert main(["people", "duplicates", str(file)]) == 0
    said = capsys.readouterr().out
    assert "m4  m5  same e-mail" in said and said.endswith("2 pairs of rows are probably one person\n")


def _zip(content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("notes.txt", content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"id,First name,Last name\n", "no rows under the headings"),
        (b"id\n1\n2\n", "one column only"),
        (b"id,Shoe size\n1,42\n2,43\n", "nothing can be compared"),
        (b"id,First name,Phone\n,Ana,4155550101\n2,Bo,4155550102\n ,Cy,4155550103\n", "Row 4 has no id"),
        (b"id,First name,Phone\n1,Ana,4155550101\n1,Bo,4155550102\n2,Cy,4155550103\n", "“1” stands in 2 rows"),
        (b"%PDF-1.7 \x00\x01", "not a spreadsheet"),
        (_zip(b"hello"), "not a spreadsheet"),
        (None, "No such file"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_words(tmp_path, capsys, content, words):
    file = tmp_path / "bad.csv"
    if content is not None:
        file.write_bytes(content)
    assert main(["people", "duplicates", str(file)]) == 2
    assert words in capsys.readouterr().err
    assert main(["people", "duplicates", str(file), "--json"]) == 2
    assert any(words in problem for problem in json.loads(capsys.readouterr().out)["problems"])


def test_all_problems_are_told_at_once():
    with pytest.raises(Refused) as refused:
        records_of([(1, ["id", "Shoe size"]), (2, ["", "42"]), (3, ["7", "42"]), (4, ["7", "43"])])
    assert len(refused.value.reasons) == 3


def score(n: int, seed: int) -> tuple[float, float, float]:
    records, truth = invented(n, seed)
    found = {(p.a, p.b) for p in find_pairs(records)}
    return len(found & truth) / len(found), len(found & truth) / len(truth), 2 * len(found & truth) / (len(found) + len(truth))


@pytest.mark.parametrize("seed", [11, 12])
def test_a_short_list_is_judged_well(seed):
    precision, recall, f1 = score(2000, seed)
    assert f1 >= 0.96 and precision >= 0.95 and recall >= 0.95


@pytest.mark.long
@pytest.mark.parametrize("seed", [21, 22, 23])
def test_a_long_list_is_judged_well_and_soon(seed):
    began = time.process_time()
    precision, recall, f1 = score(30_000, seed)
    assert f1 >= 0.96 and precision >= 0.95 and recall >= 0.95
    assert time.process_time() - began < 90
