"""A passphrase made up for somebody's first opening: read over a table, typed once, and then replaced by her own."""

from __future__ import annotations

import secrets

WORDS = 4
SYLLABLES = 3
CONSONANTS = "bdfghjkmnprstvz"
VOWELS = "aeiou"


def made_up() -> str:
    """Four words that mean nothing, such as `bakoti-sumera-dovipe-ganuzo`: 75 to the power of 12, or 74 bits.

    Latin letters that no keyboard layout moves about and no eye takes for digits.
    """
    return "-".join("".join(_syllable() for _ in range(SYLLABLES)) for _ in range(WORDS))


def _syllable() -> str:
    return secrets.choice(CONSONANTS) + secrets.choice(VOWELS)
