from __future__ import annotations

from pathlib import Path

from registers import HEADER, read, row

from familydesk.exchange import packed
from familydesk.exchange.packed import PackedRows


def test_rows_put_aside_come_back_as_they_were_however_often(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(packed, "_BLOCK", 3)
    rows = read(tmp_path / "register.xlsx", [HEADER, *(row(str(at), day="" if at % 2 else 45000) for at in range(8))])
    aside = PackedRows()
    for one in rows:
        aside.add(one)
    assert list(aside) == rows
    assert list(aside) == rows
