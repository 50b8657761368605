"""The same names in PostgreSQL: pg_trgm's best for this task, a GIN index and word similarity, on folded text.

Speaks through one `psql` that stays open, so that the bench needs no driver; a query goes in as one line and its answer
comes back up to a mark. The time of a pipe's round trip is some hundredths of a millisecond.
"""

from __future__ import annotations

import subprocess
from time import perf_counter

from familydesk.core.fold import fold

_TABLE = "familydesk_bench_names"
_MARK = "--answered--"


class PostgresNames:
    """One session with a server."""

    def __init__(self, dsn: str) -> None:
        self._psql = subprocess.Popen(
            ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", dsn],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def build(self, names: list[str]) -> str:
        """Fill the table and index it; what it took."""
        self._ask("CREATE EXTENSION IF NOT EXISTS pg_trgm;")
        self._ask(f"DROP TABLE IF EXISTS {_TABLE}; CREATE TABLE {_TABLE}(id int PRIMARY KEY, name text NOT NULL);")
        rows = "".join(f"{number}\t{name}\n" for number, name in enumerate(names))
        self._ask(f"COPY {_TABLE} FROM STDIN;\n{rows}\\.")
        started = perf_counter()
        self._ask("SET maintenance_work_mem = '1GB'; SET work_mem = '64MB';")
        self._ask(f"CREATE INDEX ON {_TABLE} USING gin(name gin_trgm_ops); VACUUM ANALYZE {_TABLE};")
        took = perf_counter() - started
        size = int(self._ask(f"SELECT pg_relation_size('{_TABLE}_name_idx');")[0])
        version = self._ask("SHOW server_version;")[0]
        return f"PostgreSQL {version}, index {size / 1e6:.0f} MB, built in {took:.1f} s"

    def find(self, text: str, limit: int) -> list[int]:
        """Numbers of the people whose names are most like the folded text."""
        # A folded text has letters, digits and blanks only: nothing in it can end a quotation.
        typed = f"'{fold(text)}'"
        answer = self._ask(
            f"SELECT id FROM {_TABLE} WHERE {typed} <% name"
            f" ORDER BY word_similarity({typed}, name) DESC, similarity({typed}, name) DESC LIMIT {limit};"
        )
        return [int(line) for line in answer]

    def close(self) -> None:
        """Leave the server as it was."""
        self._ask(f"DROP TABLE {_TABLE};")
        self._psql.communicate("\\q\n")

    def _ask(self, statement: str) -> list[str]:
        assert self._psql.stdin
        assert self._psql.stdout
        self._psql.stdin.write(f"{statement}\n\\echo {_MARK}\n")
        self._psql.stdin.flush()
        lines = []
        for line in self._psql.stdout:
            if line.strip() == _MARK:
                return lines
            lines.append(line.strip())
        raise SystemExit("the server ended the session; its own words stand above")
