"""How strong a passphrase is, in one sentence: said while it is typed, so that nobody is refused at the end."""

from __future__ import annotations

from dataclasses import dataclass

from familydesk.core.i18n import N_

ENOUGH = 3
"""Of four: more than 10^8 guesses. What Argon2id makes of each guess comes on top."""
SHORTEST = 10
LONGEST_JUDGED = 72
"""The judge takes long over long texts, and a text of this length needs no judge."""

SENTENCES = (
    N_("Too easy to guess. Take four or five words that do not belong together."),
    N_("Still easy to guess. Add a word or two."),
    N_("Nearly. One more word makes it strong."),
    N_("Strong enough."),
    N_("Very strong."),
)


@dataclass(frozen=True, slots=True)
class Strength:
    """From 0 to 4, and the marked sentence that says so."""

    score: int

    @property
    def enough(self) -> bool:
        """Whether it may guard a store."""
        return self.score >= ENOUGH

    @property
    def sentence(self) -> str:
        """What to tell her."""
        return SENTENCES[self.score]


def judge(passphrase: str, known: tuple[str, ...] = ()) -> Strength:
    """The strength of `passphrase`; words in `known` (her name, the center's) count for nothing."""
    # The judge's word lists cost a third of a second: they are loaded when a passphrase is first typed.
    from zxcvbn import zxcvbn

    if len(passphrase) < SHORTEST:
        return Strength(min(1, len(passphrase) // 6))
    words = [word for text in known for word in text.split()]
    return Strength(int(zxcvbn(passphrase[:LONGEST_JUDGED], user_inputs=words)["score"]))
