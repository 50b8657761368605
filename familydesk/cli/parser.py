"""What may be typed after `familydesk`. The common options stand anywhere, so they are taken out before the rest
is read.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, NoReturn

from familydesk.core import i18n
from familydesk.core.errors import Refused
from familydesk.core.fields import Field, Kind
from familydesk.core.i18n import N_, translate


class Misused(Refused):
    """The command was not written as it must be: an unknown name, a day or a month that cannot be read. Exit code 2."""


class Shape(argparse.HelpFormatter):
    """The help in the language in force: argparse's own words too."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """The line that shows how the command is written."""
        super().add_usage(usage, actions, groups, translate(N_("usage: ")) if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        """A group of arguments under its heading."""
        super().start_section(translate(HEADINGS.get(heading or "", heading or "")))


HEADINGS = {"positional arguments": N_("in this order"), "options": N_("options"), "commands": N_("commands")}
"""The headings of the groups, by the names that argparse knows them by."""


class Parser(argparse.ArgumentParser):
    """A parser that says one sentence of what is wrong, and nothing of what was typed: it may be somebody's name."""

    def __init__(self, **words: Any) -> None:
        with_help = words.pop("add_help", True)
        super().__init__(**words, add_help=False, allow_abbrev=False, formatter_class=Shape)
        if with_help:
            self.add_argument("-h", "--help", action="help", help=translate(N_("show this and end")))

    def error(self, message: str) -> NoReturn:
        """Leave with exit code 2."""
        # Names of arguments are the program's own, so they may be said.
        _, _, missing = message.partition("arguments are required: ")
        lacking = translate(N_("Missing: {names}; “{command} --help” shows how it is written.\n"))
        wrong = translate(N_("This is not how the command is written; “{command} --help” shows how.\n"))
        self.exit(2, (lacking if missing else wrong).format(names=missing, command=self.prog))


@dataclass
class Invocation:
    """One command with its arguments, and how to open the store it speaks of."""

    arguments: argparse.Namespace
    store: str | None = None
    passphrase_stdin: bool = False
    lang: str | None = None
    json: bool = False
    login: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def command(self) -> Callable[[Invocation], int | None]:
        """The function to call."""
        command: Callable[[Invocation], int | None] = self.arguments.command
        return command


def parse(words: Sequence[str], rooms: Iterable[ModuleType], alone: Callable[[Invocation], int | None]) -> Invocation:
    """Read the command line, with these modules' commands, `alone` being what common options by themselves call.

    Bad usage leaves with exit code 2, as argparse does.
    """
    # What is wrong with the common options themselves is told in the language of the settings.
    i18n.use(_usual_language())
    common, rest = _common().parse_known_args(list(words))
    if common.lang:
        i18n.use(common.lang)
    arguments = _commands(rooms).parse_args(rest) if rest else argparse.Namespace(command=alone)
    return Invocation(arguments, common.store, common.passphrase_stdin, common.lang, common.json, common.login)


def _usual_language() -> str:
    from familydesk.core.settings import LANGUAGE, usual_settings

    return usual_settings().get(LANGUAGE)


def _common() -> argparse.ArgumentParser:
    parser = Parser(add_help=False, prog="familydesk")
    parser.add_argument("--store", metavar="DIR")
    parser.add_argument("--passphrase-stdin", action="store_true")
    parser.add_argument("--lang", choices=i18n.LANGUAGES)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--as", dest="login", default="", metavar="LOGIN")
    return parser


def _commands(rooms: Iterable[ModuleType]) -> argparse.ArgumentParser:
    parser = Parser(
        prog="familydesk",
        description=translate(
            N_("Case management for family support and crisis centers. Without a command, the window opens.")
        ),
        epilog=translate(
            N_("Anywhere: --store DIR, --as LOGIN, --passphrase-stdin (first line), --lang kk|ru|en, --json.")
        ),
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for room in rooms:
        room.add_commands(commands)
    return parser


def add(commands: Any, name: str, function: Callable[[Invocation], int | None], help: str) -> argparse.ArgumentParser:
    """One command under `commands`; `help` is a marked sentence."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=translate(help), description=translate(help))
    parser.set_defaults(command=function)
    return parser


def group(commands: Any, name: str, help: str, metavar: str) -> Any:
    """A command that has commands of its own, to be added with `add`; `help` is a marked sentence."""
    parser = commands.add_parser(name, help=translate(help), description=translate(help))
    return parser.add_subparsers(title="commands", required=True, metavar=metavar)


def positive(text: str) -> int:
    """A count of one or more, as an argument's type."""
    if (count := int(text)) < 1:
        raise ValueError
    return count


def peer(text: str) -> str:
    """A hub's address or a folder, as an argument's type. Empty it would mean the folder in which one happens to be."""
    if not text.strip() or ("://" in text and not text.lower().startswith(("http://", "https://"))):
        raise ValueError
    return text


def describe(known: Field) -> dict[str, Any]:
    """A field as `record sheets --json` tells it."""
    return {
        "name": known.name,
        "kind": known.kind.name,
        "required": known.required,
        "choices": [member.name for member in known.choices] if known.choices else None,
        "target": known.target if known.kind is Kind.REFERENCE else None,
        "secrecy": known.secrecy.name,
        "merge": known.merge.name,
    }
