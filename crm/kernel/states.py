"""The states of the United States: how people write them, which area codes are theirs, and which time zones they lie in.

Area codes as the numbering plan had them in November 2026 (phonenumbers 9.0.43); a code that is not here says nothing.
"""

import re
from functools import lru_cache

_E, _C, _M, _P = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
STATES: dict[str, tuple[str, tuple[str, ...]]] = {
    "AK": ("Alaska", ("America/Anchorage", "America/Adak",)),
    "AL": ("Alabama", (_C,)),
    "AR": ("Arkansas", (_C,)),
    "AZ": ("Arizona", ("America/Phoenix", _M,)),
    "CA": ("California", (_P,)),
    "CO": ("Colorado", (_M,)),
    "CT": ("Connecticut", (_E,)),
    "DC": ("District of Columbia", (_E,)),
    "DE": ("Delaware", (_E,)),
    "FL": ("Florida", (_E, _C,)),
    "GA": ("Georgia", (_E,)),
    "GU": ("Guam", ("Pacific/Guam",)),
    "HI": ("Hawaii", ("Pacific/Honolulu",)),
    "IA": ("Iowa", (_C,)),
    "ID": ("Idaho", ("America/Boise", _P,)),
    "IL": ("Illinois", (_C,)),
    "IN": ("Indiana", (_E, _C,)),
    "KS": ("Kansas", (_C, _M,)),
    "KY": ("Kentucky", (_E, _C,)),
    "LA": ("Louisiana", (_C,)),
    "MA": ("Massachusetts", (_E,)),
    "MD": ("Maryland", (_E,)),
    "ME": ("Maine", (_E,)),
    "MI": ("Michigan", (_E, _C,)),
    "MN": ("Minnesota", (_C,)),
    "MO": ("Missouri", (_C,)),
    "MP": ("Northern Mariana Islands", ("Pacific/Saipan",)),
    "MS": ("Mississippi", (_C,)),
    "MT": ("Montana", (_M,)),
    "NC": ("North Carolina", (_E,)),
    "ND": ("North Dakota", (_C, _M,)),
    "NE": ("Nebraska", (_C, _M,)),
    "NH": ("New Hampshire", (_E,)),
    "NJ": ("New Jersey", (_E,)),
    "NM": ("New Mexico", (_M,)),
    "NV": ("Nevada", (_P, _M,)),
    "NY": ("New York", (_E,)),
    "OH": ("Ohio", (_E,)),
    "OK": ("Oklahoma", (_C,)),
    "OR": ("Oregon", (_P, _M,)),
    "PA": ("Pennsylvania", (_E,)),
    "PR": ("Puerto Rico", ("America/Puerto_Rico",)),
    "RI": ("Rhode Island", (_E,)),
    "SC": ("South Carolina", (_E,)),
    "SD": ("South Dakota", (_C, _M,)),
    "TN": ("Tennessee", (_C, _E,)),
    "TX": ("Texas", (_C, _M,)),
    "UT": ("Utah", (_M,)),
    "VA": ("Virginia", (_E,)),
    "VI": ("Virgin Islands", ("America/St_Thomas",)),
    "VT": ("Vermont", (_E,)),
    "WA": ("Washington", (_P,)),
    "WI": ("Wisconsin", (_C,)),
    "WV": ("West Virginia", (_E,)),
    "WY": ("Wyoming", (_M,)),
}
"""Code → name and every zone that a part of the state lies in."""

_AREA_CODES = {
    "AK": "907",
    "AL": "205 251 256 334 659 938",
    "AR": "327 479 501 870",
    "AZ": "480 520 602 623 928",
    "CA": "209 213 279 310 323 341 350 369 408 415 424 442 510 530 559 562 619 626 628 "
          "650 657 661 669 707 714 738 747 760 805 818 820 831 840 858 909 916 925 949 951",
    "CO": "303 719 720 748 970 983",
    "CT": "203 475 860 959",
    "DC": "202 771",
    "DE": "302",
    "FL": "239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941 954",
    "GA": "229 404 470 478 678 706 762 770 912 943",
    "GU": "671",
    "HI": "808",
    "IA": "319 515 563 641 712",
    "ID": "208 986",
    "IL": "217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 872",
    "IN": "219 260 317 463 574 765 812 930",
    "KS": "316 620 785 913",
    "KY": "270 364 502 606 859",
    "LA": "225 318 337 504 985",
    "MA": "339 351 413 508 617 774 781 857 978",
    "MD": "227 240 301 410 443 667",
    "ME": "207",
    "MI": "231 248 269 313 517 586 616 734 810 906 947 989",
    "MN": "218 320 507 612 651 763 952",
    "MO": "235 314 417 557 573 636 660 816 975",
    "MP": "670",
    "MS": "228 601 662 769",
    "MT": "406",
    "NC": "252 336 472 704 743 828 910 919 980 984",
    "ND": "701",
    "NE": "308 402 531",
    "NH": "603",
    "NJ": "201 551 609 640 732 848 856 862 908 973",
    "NM": "505 575",
    "NV": "702 725 775",
    "NY": "212 315 329 332 347 363 516 518 585 607 631 646 680 716 718 838 845 914 917 929 934",
    "OH": "216 220 234 283 326 330 380 419 440 513 567 614 740 937",
    "OK": "405 539 572 580 918",
    "OR": "458 503 541 971",
    "PA": "215 223 267 272 412 445 484 570 582 610 717 724 814 835 878",
    "PR": "787 939",
    "RI": "401",
    "SC": "803 821 839 843 854 864",
    "SD": "605",
    "TN": "423 615 629 731 865 901 931",
    "TX": "210 214 254 281 325 346 361 409 430 432 469 512 682 713 726 737 806 817 830 832 903 915 936 940 945 956 972 979",
    "UT": "385 435 801",
    "VA": "276 434 540 571 686 703 757 804 826 948",
    "VI": "340",
    "VT": "802",
    "WA": "206 253 360 425 509 564",
    "WI": "262 274 353 414 534 608 715 920",
    "WV": "304 681",
    "WY": "307",
}
_BY_AREA_CODE = {code: state for state, codes in _AREA_CODES.items() for code in codes.split()}
_WORDS = {name.lower(): code for code, (name, _zones) in STATES.items()} | {code.lower(): code for code in STATES} | {
    "d c": "DC", "washington dc": "DC", "washington d c": "DC", "nueva york": "NY", "calif": "CA", "tex": "TX", "fla": "FL", "mass": "MA",
    "nuevo mexico": "NM", "carolina del norte": "NC", "carolina del sur": "SC", "us virgin islands": "VI", "n y": "NY",
}
# Where a state lies in two zones, the postal codes of its smaller part; others lie in its first zone alone.
_SMALLER_PART = {"FL": ("324", "325"), "TX": ("798", "799", "885"), "MI": ("498", "499"), "IN": ("463", "464", "475", "476", "477")}


@lru_cache(maxsize=1024)
def read_state(text: str) -> str | None:
    """The code for CA, Calif., California; None when it names none."""
    return _WORDS.get(" ".join(re.sub(r"[^a-záéíóúñ]+", " ", text.lower()).split()))


def state_of_number(e164: str) -> str | None:
    """The state of a number's area code; None for toll-free numbers, codes that we do not know and other countries."""
    return _BY_AREA_CODE.get(e164[2:5]) if e164.startswith("+1") and len(e164) == 12 else None


def zones_of_state(state: str, postal_code: str = "") -> tuple[str, ...]:
    """The zones that an address in the state may lie in."""
    zones = STATES[state][1]
    smaller = _SMALLER_PART.get(state)
    if smaller and len(postal_code) >= 5 and postal_code[:5].isdigit() and not postal_code.startswith(smaller):
        return zones[:1]
    return zones
