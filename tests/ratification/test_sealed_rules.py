"""The pieces of sealed ballots one by one: RFC 9474's own numbers, ballots as the rules and the verifier read them, hours, the setting."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.ratification.rules.sealed.ballots import ballot_size, read_ballot
from crm.ratification.rules.sealed.blind import SigningKey, is_signed, sign_blinded
from crm.ratification.verify.contests import read_content
from crm.settings import BadSettings, read_settings
from tests.ratification.sealed import SCEPTIC

pytestmark = pytest.mark.one_database

# RFC 9474, appendix A.3 (RSABSSA-SHA384-PSS-Deterministic): the primes, the message, its salt, the inverse of r; how the answer and the signature begin
P = int(
    "e1f4d7a34802e27c7392a3cea32a262a34dc3691bd87f3f310dc75673488930559c120fd0410194fb8a0da55bd0b81227e843fdca6692ae80e5a5d414116d480"
    "3fca7d8c30eaaae57e44a1816ebb5c5b0606c536246c7f11985d731684150b63c9a3ad9e41b04c0b5b27cb188a692c84696b742a80d3cd00ab891f2457443dad"
    "feba6d6daf108602be26d7071803c67105a5426838e6889d77e8474b29244cefaf418e381b312048b457d73419213063c60ee7b0d81820165864fef93523c963"
    "5c22210956e53a8d96322493ffc58d845368e2416e078e5bcb5d2fd68ae6acfa54f9627c42e84a9d3f2774017e32ebca06308a12ecc290c7cd1156dcccfb2311", 16)
Q = int(
    "c601a9caea66dc3835827b539db9df6f6f5ae77244692780cd334a006ab353c806426b60718c05245650821d39445d3ab591ed10a7339f15d83fe13f6a3dfb20"
    "b9452c6a9b42eaa62a68c970df3cadb2139f804ad8223d56108dfde30ba7d367e9b0a7a80c4fdba2fd9dde6661fc73fc2947569d2029f2870fc02d8325acf28c"
    "9afa19ecf962daa7916e21afad09eb62fe9f1cf91b77dc879b7974b490d3ebd2e95426057f35d0a3c9f45f79ac727ab81a519a8b9285932d9b2e5ccd347e59f3"
    "f32ad9ca359115e7da008ab7406707bd0e8e185a5ed8758b5ba266e8828f8d863ae133846304a2936ad7bc7c9803879d2fc4a28e69291d73dbd799f8bc238385", 16)
MESSAGE = bytes.fromhex("8f3dc6fb8c4a02f4d6352edf0907822c1210a9b32f9bdda4c45a698c80023aa6b59f8cfec5fdbb36331372ebefedae7d")
SALT = bytes.fromhex("051722b35f458781397c3a671a7d3bd3096503940e4c4f1aaa269d60300ce449555cd7340100df9d46944c5356825abf")
INVERSE = int(
    "80682c48982407b489d53d1261b19ec8627d02b8cda5336750b8cee332ae260de57b02d72609c1e0e9f28e2040fc65b6f02d56dbd6aa9af8fde656f70495dfb7"
    "23ba01173d4707a12fddac628ca29f3e32340bd8f7ddb557cf819f6b01e445ad96f874ba235584ee71f6581f62d4f43bf03f910f6510deb85e8ef06c7f09d979"
    "4a008be7ff2529f0ebb69decef646387dc767b74939265fec0223aa6d84d2a8a1cc912d5ca25b4e144ab8f6ba054b54910176d5737a2cff011da431bd5f2a0d2"
    "d66b9e70b39f4b050e45c0d9c16f02deda9ddf2d00f3e4b01037d7029cd49c2d46a8e1fc2c0c17520af1f4b5e25ba396afc4cd60c494a4c426448b35b49635b3"
    "37cfb08e7c22a39b256dd032c00adddafb51a627f99a0e1704170ac1f1912e49d9db10ec04c19c58f420212973e0cb329524223a6aa56c7937c5dffdb5d966b6"
    "cd4cbc26f3201dd25c80960a1a111b32947bb78973d269fac7f5186530930ed19f68507540eed9e1bab8b00f00d8ca09b3f099aae46180e04e3584bd7ca054df"
    "18a1504b89d1d1675d0966c4ae1407be325cdf623cf13ff13e4a28b594d59e3eadbadf6136eee7a59d6a444c9eb4e2198e8a974f27a39eb63af2c9af3870488b"
    "8adaad444674f512133ad80b9220e09158521614f1faadfe8505ef57b7df6813048603f0dd04f4280177a11380fbfc861dbcbd7418d62155248dad5fdec0991f", 16)
ANSWER = "364f6a40dbfbc3bbb257943337eeff791a0f290898a6791283bba581d9eac90a6376a837241f5f73a78a5c6746e1306b"
SIGNATURE = "6fef8bf9bc182cd8cf7ce45c7dcf0e6f3e518ae48f06f3c670c649ac737a8b8119a34d51641785be151a697ed7825fd"
KEY = SigningKey(P * Q, 65537, pow(65537, -1, (P - 1) * (Q - 1)))


def test_the_blind_signature_gives_the_numbers_of_the_rfc():
    """The sceptic's client blinds and unblinds, the registrar signs, whatever number it masks its own work with."""
    r = pow(INVERSE, -1, KEY.n)
    blinded = SCEPTIC.blind(MESSAGE, KEY.n, KEY.e, SALT, r)
    for mask in (2, 3**200, KEY.n - 2):
        answer = sign_blinded(KEY, blinded, mask)
        assert f"{answer:01024x}".startswith(ANSWER)
    signature = SCEPTIC.finalize(MESSAGE, KEY.n, KEY.e, r, answer)
    assert signature.startswith(SIGNATURE)
    assert is_signed(f"{KEY.n:x}", MESSAGE, signature)
    assert not is_signed(f"{KEY.n:x}", MESSAGE + b"x", signature) and not is_signed(f"{KEY.n:x}", MESSAGE, signature[:-2] + "00")


@pytest.mark.parametrize("number", [0, KEY.n, KEY.n + 5, -1])
def test_the_registrar_signs_numbers_below_its_modulus_only(number):
    with pytest.raises(ValueError):
        sign_blinded(KEY, number, 2)


CONTEST = {"method": "irv", "contest": {"options": [{}] * 3, "seats": 1, "most": None}}
PLANKS = {"method": "yes_no_abstain", "choices": ["yes", "no", "abstain"]}


@pytest.mark.parametrize(
    ("text", "rule", "found"),
    [
        (b'{"1":"yes","2":"abstain"}   ', PLANKS, {1: "yes", 2: "abstain"}),
        (b'{"1":"yes"}', PLANKS, "planks"),
        (b'{"1":"yes","2":"no","3":"no"}', PLANKS, "planks"),
        (b'{"1":"yes","1":"no","2":"no"}', PLANKS, "form"),
        (b'{"1":"maybe","2":"no"}', PLANKS, "choice"),
        (b'{"1":1,"2":"no"}', PLANKS, "form"),
        (b"[1]", PLANKS, "form"),
        (b"\xff", PLANKS, "form"),
        (b"[" * 100000, PLANKS, "form"),
        (None, PLANKS, "box"),
    ],
)
def test_a_ballot_is_read_or_said_to_be_invalid(text, rule, found):
    assert read_ballot(text, rule, [1, 2]) == found


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(["irv", "approval", "score", "dots"]), st.one_of(st.text("0123456789: abstin", max_size=20), st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 9)), max_size=5).map(lambda pairs: " ".join(f"{a}:{b}" for a, b in pairs))),
)
def test_rules_and_verifier_agree_on_what_a_choice_is(method, choice):
    """They are written twice; a ballot that only one of them took would break every board that holds it."""
    rule = {"method": method, "contest": {"options": [{}] * 4, "seats": 1, "most": None if method == "irv" else 5}}
    text = f'{{"1":"{choice}"}}'.encode()
    assert isinstance(read_ballot(text, rule, [1]), dict) == (read_content(rule, choice) is not None)


def test_every_ballot_fits_its_box():
    options = {"method": "score", "contest": {"options": [{}] * 40, "seats": 1, "most": 100}}
    longest = " ".join(f"{n}:100" for n in range(1, 41))
    assert isinstance(read_ballot(f'{{"1":"{longest}"}}'.encode(), options, [1]), dict) and len(longest) + 8 <= ballot_size(options, 1)
    many = {str(n): "abstain" for n in range(100, 140)}
    assert len(SCEPTIC.canonical(many)) <= ballot_size(PLANKS, 40)


@pytest.mark.parametrize("value", ["1", "on", "reviewed", "true", "not reviewed"])
def test_another_value_of_the_setting_is_refused_at_start(value):
    with pytest.raises(BadSettings, match="no cryptographer has reviewed"):
        read_settings({"PLENARY_SEALED_BALLOTS": value})


def test_the_setting_is_off_unless_it_says_what_it_is():
    assert read_settings({}).sealed_ballots == ""
    assert read_settings({"PLENARY_SEALED_BALLOTS": "not-reviewed"}).sealed_ballots == "not-reviewed"
