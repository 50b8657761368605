"""The store itself from the command line: make it, copy it, bring it back; the demo; what is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from familydesk.cli.opening import opened, passphrase, store_folder
from familydesk.cli.output import say, tell
from familydesk.cli.parser import Invocation, add, positive
from familydesk.core.errors import Refused
from familydesk.core.i18n import N_, translate


def add_commands(commands: Any) -> None:
    """Register the commands of this room."""
    init = add(commands, "init", make_store, N_("a new encrypted store; the recovery key is printed once"))
    init.add_argument("--center", required=True, metavar="NAME")
    init.add_argument("--person", required=True, metavar='"SURNAME GIVEN PATRONYMIC"')
    init.add_argument("--login", default="head")
    backup = add(commands, "backup", back_up, N_("one encrypted file that holds everything, verified by opening it"))
    backup.add_argument("--out", type=Path, required=True, metavar="FILE")
    restore = add(commands, "restore", bring_back, N_("bring a backup back; what stands there now is kept beside it"))
    restore.add_argument("file", type=Path)
    restore.add_argument(
        "--recovery",
        action="store_true",
        help=translate(N_("open it with the recovery key instead of the passphrase")),
    )
    restore.add_argument(
        "--changed",
        action="store_true",
        help=translate(N_("the passphrase was changed since: ask for that of the backup's day and for today's")),
    )
    demo = add(commands, "demo", show_demo, N_("a synthetic center: store, papers, window or pictures of every screen"))
    demo.add_argument("--dir", type=Path, default=Path("demo"))
    demo.add_argument("--no-window", action="store_true")
    demo.add_argument("--families", type=positive, default=60)
    add(commands, "check", check, N_("what is installed and what is missing"))


def open_desk(invocation: Invocation) -> int:
    """No command at all: the window, on the store that was named or on the one opened last."""
    from familydesk.app import open_window

    return open_window(Path(invocation.store) if invocation.store else None)


def make_store(invocation: Invocation) -> None:
    """`init --store DIR --center NAME --person NAME`."""
    from familydesk.services import front_door

    words = invocation.arguments
    secret = passphrase(invocation)
    if not invocation.passphrase_stdin and passphrase(invocation, N_("The same passphrase again: ")) != secret:
        raise Refused(N_("The two passphrases differ."))
    created = front_door.create_store(
        store_folder(invocation), center=words.center, person=words.person, login=words.login, passphrase=secret
    )
    created.office.close()
    if invocation.json:
        tell({"login": words.login, "recovery_key": created.recovery_key})
        return
    say(
        translate(
            N_(
                "The store is ready. This is its recovery key; it is shown only now. "
                "Write it down and keep it locked away:"
            )
        )
    )
    say(created.recovery_key)


def back_up(invocation: Invocation) -> None:
    """`backup --out FILE`."""
    out: Path = invocation.arguments.out
    with opened(invocation) as office:
        office.backups.make(out)
    if invocation.json:
        tell({"file": str(out)})
        return
    say(translate(N_("The backup was written and opens.")))


def bring_back(invocation: Invocation) -> None:
    """`restore FILE`."""
    from familydesk.services import backups

    words, folder = invocation.arguments, store_folder(invocation)
    if words.recovery:
        kept = backups.restore(words.file, folder, recovery=passphrase(invocation, N_("Recovery key: ")))
    else:
        then = passphrase(invocation)
        now = passphrase(invocation, N_("Passphrase of today: ")) if words.changed else ""
        kept = backups.restore(words.file, folder, then, present=now)
    if invocation.json:
        tell({"kept": kept.name if kept else None})
        return
    say(translate(N_("The backup was brought back.")))
    if kept:
        say(translate(N_("What stood there before is kept in the folder {name}.")).format(name=kept.name))


def show_demo(invocation: Invocation) -> int:
    """`demo`."""
    from familydesk.app import demo

    words = invocation.arguments
    return demo(words.dir, families=words.families, window=not words.no_window)


def check(invocation: Invocation) -> int:
    """`check`: 0 if everything is there."""
    from familydesk.app import inspection

    found = inspection()
    if invocation.json:
        tell([{"name": one.name, "found": one.found, "needed": one.needed} for one in found])
    else:
        for one in found:
            missing = translate(N_("missing"))
            say(f"{'+' if one.found else '-'} {one.name}  {one.found or missing}")
    return 0 if all(one.found or not one.needed for one in found) else 3
