"""The grain of the house, measured: files, functions and classes stay small enough to be read in one breath.

Sizes are physical lines, docstrings and comments included. Migrations are left out: they are generated.
"""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "familydesk"

Sizes = dict[str, int]


def modules() -> Iterator[tuple[str, ast.Module, int]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" in path.parts or not path.stat().st_size:
            continue
        text = path.read_text(encoding="utf-8")
        yield str(path.relative_to(PACKAGE)), ast.parse(text), len(text.splitlines())


def sizes(*kinds: type[ast.AST]) -> Sizes:
    """Lines of every node of these kinds, by place; decorators are not counted."""
    return {
        f"{name}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for name, tree, _ in modules()
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    }


def over(limit: int, found: Sizes) -> Sizes:
    return {place: lines for place, lines in found.items() if lines > limit}


def ninth_tenth(found: Sizes) -> float:
    return statistics.quantiles(found.values(), n=10)[-1]


@pytest.fixture(scope="module")
def files() -> Sizes:
    return {name: lines for name, _, lines in modules()}


@pytest.fixture(scope="module")
def functions() -> Sizes:
    return sizes(ast.FunctionDef, ast.AsyncFunctionDef)


def test_half_of_the_files_fit_on_two_screens(files: Sizes) -> None:
    assert statistics.median(files.values()) <= 120


def test_nine_files_of_ten_stay_under_350_lines(files: Sizes) -> None:
    assert ninth_tenth(files) <= 350


def test_no_file_is_over_400_lines(files: Sizes) -> None:
    assert over(400, files) == {}


def test_half_of_the_functions_are_eight_lines_or_less(functions: Sizes) -> None:
    assert statistics.median(functions.values()) <= 8


def test_nine_functions_of_ten_stay_under_25_lines(functions: Sizes) -> None:
    assert ninth_tenth(functions) <= 25


def test_no_function_is_over_60_lines(functions: Sizes) -> None:
    assert over(60, functions) == {}


def test_no_class_is_over_300_lines() -> None:
    assert over(300, sizes(ast.ClassDef)) == {}
