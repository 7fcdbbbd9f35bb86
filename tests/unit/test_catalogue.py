"""The catalogue of invariants in tests/README.md names tests that exist."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
ROWS = re.findall(r"^\| (\d+) \| .*$", (TESTS / "README.md").read_text(), re.MULTILINE)
NAMED = re.findall(r"`(?:([\w/]+\.py))?(?:::(\w+))?`", (TESTS / "README.md").read_text())


def references():
    """Pairs of file and test; a test without a file belongs to the file named before it."""
    file = None
    for path, test in NAMED:
        if not path and not test:
            continue
        file = path or file
        if file and (TESTS / file).parent.name != "tests":
            yield file, test


@pytest.mark.parametrize(("file", "test"), sorted(set(references())))
def test_named_tests_exist(file, test):
    source = (TESTS / file).read_text()

    assert not test or f"def {test}(" in source


def test_all_invariants_are_listed():
    assert [str(number) for number in range(1, 26)] == ROWS
