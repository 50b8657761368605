import pytest
from hypothesis import given
from hypothesis import strategies as st

from familydesk.core.errors import Refused
from familydesk.store import recovery_code as code

KEYS = st.binary(min_size=32, max_size=32)
PLACES = st.integers(0, code.GROUPS - 1)


def refusal(text: str) -> str:
    with pytest.raises(Refused) as caught:
        code.read(text)
    return str(caught.value)


@given(KEYS)
def test_what_is_printed_reads_back(key: bytes) -> None:
    assert code.read(code.write(key)) == key


@given(KEYS)
def test_the_paper_has_thirteen_groups_of_signs_nobody_confuses(key: bytes) -> None:
    groups = code.write(key).split("-")
    assert [len(group) for group in groups] == [5] * 13
    assert not set("ILOU") & set("".join(groups))


@given(KEYS, st.sampled_from([" ", "-", "\n", " - ", ""]), st.booleans())
def test_typing_is_free_in_case_and_spacing(key: bytes, between: str, lower: bool) -> None:
    typed = code.write(key).replace("-", between)
    assert code.read(typed.lower() if lower else typed) == key


@given(KEYS)
def test_letters_that_look_like_digits_are_read_as_digits(key: bytes) -> None:
    assert code.read(code.write(key).replace("0", "O").replace("1", "l")) == key


@given(KEYS)
def test_a_cyrillic_keyboard_types_the_same_shapes(key: bytes) -> None:
    assert code.read(code.write(key).translate(str.maketrans("ABCEHKMPTX", "АВСЕНКМРТХ"))) == key


@given(KEYS)
def test_a_scanned_picture_reads_like_the_print(key: bytes) -> None:
    assert code.read(code.qr_payload(code.write(key))) == key


@given(KEYS, PLACES, st.integers(0, 4), st.sampled_from(code.ALPHABET))
def test_one_wrong_sign_names_its_group(key: bytes, group: int, sign: int, other: str) -> None:
    groups = code.write(key).split("-")
    wrong = groups[group][:sign] + other + groups[group][sign + 1 :]
    if wrong != groups[group]:
        groups[group] = wrong
        assert f"Group {group + 1} " in refusal("-".join(groups))


@given(KEYS, PLACES, st.integers(0, 3))
def test_two_exchanged_signs_name_their_group(key: bytes, group: int, sign: int) -> None:
    groups = code.write(key).split("-")
    signs = list(groups[group])
    signs[sign], signs[sign + 1] = signs[sign + 1], signs[sign]
    if "".join(signs) != groups[group]:
        groups[group] = "".join(signs)
        assert f"Group {group + 1} " in refusal("".join(groups))


@given(KEYS, PLACES, PLACES)
def test_two_exchanged_groups_are_noticed(key: bytes, one: int, other: int) -> None:
    groups = code.write(key).split("-")
    groups[one], groups[other] = groups[other], groups[one]
    if one != other:
        assert f"Group {min(one, other) + 1} " in refusal("-".join(groups))


@given(KEYS, PLACES)
def test_a_sign_left_out_names_its_group_if_groups_are_kept_apart(key: bytes, group: int) -> None:
    groups = code.write(key).split("-")
    groups[group] = groups[group][:-1]
    assert f"Group {group + 1} " in refusal(" ".join(groups))


@given(st.text(max_size=90))
def test_any_other_text_is_refused_in_a_whole_sentence(text: str) -> None:
    sentence = refusal(text)
    assert "recovery key" in sentence
    assert "{" not in sentence


def test_a_missing_group_is_told_as_missing() -> None:
    twelve = code.write(bytes(32)).split("-")[:-1]
    assert "13 groups" in refusal("-".join(twelve))


def test_nothing_but_32_bytes_is_printed() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        code.write(bytes(31))
