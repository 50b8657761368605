"""Opens a store, meets a stick and says so on the way; killed at a moment that the test chooses."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "sync"))
from colleagues import desk_of


def main(place: str, name: str) -> None:
    office = desk_of(Path(place), name).open()
    print("opened", flush=True)
    office.syncing.sync(str(Path(place) / "stick"), lambda step: print(step.part.name, step.done, flush=True))
    print("met", flush=True)
    office.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
