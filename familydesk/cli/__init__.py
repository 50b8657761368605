"""The command line: thin. Each command calls one service; exit codes are 0 done, 1 refused by a rule, 2 bad
usage, 3 the world failed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from familydesk.core.errors import Refused, Unsaid, Weather
from familydesk.core.i18n import N_, translate

REFUSED, USAGE, WEATHER = 1, 2, 3


def run(words: Sequence[str]) -> int:
    """Run one command; errors go to stderr as one sentence, never as a traceback, never with a record's value."""
    from familydesk.cli import (
        accounts,
        conflicts,
        hub,
        joining,
        keeping,
        proof,
        records,
        referring,
        syncing,
        upkeep,
        work,
    )
    from familydesk.cli.parser import Misused, parse

    try:
        rooms = (upkeep, accounts, records, keeping, proof, work, conflicts, syncing, joining, referring, hub)
        invocation = parse(words, rooms, upkeep.open_desk)
        return int(invocation.command(invocation) or 0)
    except (Misused, Unsaid) as misused:
        return _fail(_told(misused), USAGE)
    except Refused as refused:
        return _fail(_told(refused), REFUSED)
    except Weather as weather:
        return _fail(str(weather), WEATHER)
    except BrokenPipeError:
        # The reader of our output went away, as `head` does: nothing to tell anyone.
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return _fail(translate(N_("Stopped; nothing was changed.")), WEATHER)
    except OSError as error:
        return _fail(
            translate(N_("A file could not be read or written: {why}.")).format(why=error.strerror or ""), WEATHER
        )
    except Exception as error:
        return _fail(translate(N_("The program made a mistake ({kind}).")).format(kind=type(error).__name__), WEATHER)


def _told(refused: Refused) -> str:
    parts = (f"{problem.field}: {problem}" if problem.field else str(problem) for problem in refused.problems)
    return " ".join(parts)


def _fail(sentence: str, code: int) -> int:
    print(" ".join(sentence.split()), file=sys.stderr)
    return code
