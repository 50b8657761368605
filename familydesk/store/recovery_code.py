"""The recovery key on paper: thirteen groups of five signs, the fifth checking the other four and the group's place.

Signs are Crockford's base 32 (no I, L, O, U). The check is a weighted sum over the field of 32 elements, so that one
wrong sign in a group, two exchanged signs, or two exchanged groups are always noticed, and the group is named.
"""

from __future__ import annotations

from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KEY_BYTES = 32
GROUPS = 13
GROUP = 5
QR_MARK = "FDRK1:"
"""How the text in the QR picture begins, so that a scanner's reading is known for what it is."""

# What people read for another sign, and letters of a Cyrillic keyboard that look the same on paper.
_READ_AS = str.maketrans("OILАВСЕНКМОРТХ", "011ABCEHKM0PTX")
_BETWEEN = " -\t\r\n.·–—_"
_WEIGHTS = (1, 2, 4, 8)
_POLYNOMIAL = 0b100101
_NOT_AS_PRINTED = N_("Group {group} of the recovery key is not as printed. Look at it again.")


def write(key: bytes) -> str:
    """The 32 bytes as thirteen groups with dashes between them."""
    if len(key) != KEY_BYTES:
        raise ValueError("a recovery key is 32 bytes")
    # 256 bits in 52 signs of 5: the last four bits are nothing.
    number = int.from_bytes(key, "big") << 4
    signs = [(number >> 5 * place) & 31 for place in reversed(range(GROUPS * (GROUP - 1)))]
    groups = [signs[start : start + GROUP - 1] for start in range(0, len(signs), GROUP - 1)]
    checked = [(*group, _check(place, group)) for place, group in enumerate(groups)]
    return "-".join("".join(ALPHABET[sign] for sign in group) for group in checked)


def read(text: str) -> bytes:
    """The 32 bytes of a typed or scanned key. Refused, with the first wrong group named, if it is not as printed."""
    groups = _groups(text)
    if len(groups) != GROUPS:
        raise _refused(N_("The recovery key has {groups} groups of five signs. Some are missing or too many."))
    number = 0
    for place, group in enumerate(groups):
        signs = [ALPHABET.find(sign) for sign in group]
        if len(signs) != GROUP or -1 in signs or _check(place, signs[:-1]) != signs[-1]:
            raise _refused(_NOT_AS_PRINTED, group=place + 1)
        for sign in signs[:-1]:
            number = number << 5 | sign
    if number & 15:
        raise _refused(_NOT_AS_PRINTED, group=GROUPS)
    return (number >> 4).to_bytes(KEY_BYTES, "big")


def resembles(text: str) -> bool:
    """Whether `text` has as many signs as a recovery key and no others; slips of the hand are not looked for."""
    signs = "".join(_groups(text))
    return len(signs) == GROUPS * GROUP and all(sign in ALPHABET for sign in signs)


def qr_payload(text: str) -> str:
    """What the QR picture beside the printed groups holds."""
    return QR_MARK + text.replace("-", "")


def written_small(number: int, groups: int) -> str:
    """A number in so many groups of five signs, without checks: short enough to be read aloud and compared."""
    signs = "".join(ALPHABET[(number >> 5 * place) & 31] for place in reversed(range(groups * GROUP)))
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def signs_of(text: str) -> str:
    """The signs of what somebody typed or heard, however they were grouped or mistaken for their likes."""
    return "".join(text.upper().translate(_READ_AS).translate(dict.fromkeys(map(ord, _BETWEEN))).split())


def _groups(text: str) -> list[str]:
    typed = text.strip().upper().removeprefix(QR_MARK).translate(_READ_AS)
    parts = typed.translate(dict.fromkeys(map(ord, _BETWEEN), " ")).split()
    # Separated as printed, a group of the wrong length can be named; run together, signs are counted off.
    if len(parts) == GROUPS:
        return parts
    signs = "".join(parts)
    return [signs[start : start + GROUP] for start in range(0, len(signs), GROUP)]


def _check(place: int, signs: list[int]) -> int:
    total = place + 1
    for weight, sign in zip(_WEIGHTS, signs, strict=True):
        total ^= _times(weight, sign)
    return total


def _times(one: int, other: int) -> int:
    """Product in the field of 32 elements."""
    product = 0
    for bit in range(5):
        if other >> bit & 1:
            product ^= one << bit
    for bit in reversed(range(5, 9)):
        if product >> bit & 1:
            product ^= _POLYNOMIAL << (bit - 5)
    return product


def _refused(text: str, **values: object) -> Refused:
    return Refused(Problem("recovery", text, {"groups": GROUPS, **values}))
