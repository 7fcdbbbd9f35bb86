"""Every reason fits one word of the EVM, names its contract, and is provoked by some test."""

import re
from pathlib import Path

import pytest

from tests.sources import REAL, reasons

TESTS = Path(__file__).parent.parent
PREFIXES = {"vault", "engine", "pool", "share", "oracle", "fund", "factory", "rates"}
PREFIXES |= {"notice", "ownership", "packing"}
REASONS = sorted(set().union(*map(reasons, REAL)))


def provoked():
    sources = [path.read_text() for path in TESTS.rglob("test_*.py") if path != Path(__file__)]
    return set(re.findall(r'reverts\(\s*"([^"]+)"', "\n".join(sources)))


@pytest.mark.parametrize("reason", REASONS)
def test_reason_is_short_and_names_its_contract(reason):
    assert len(reason) <= 32
    assert reason.split(": ")[0] in PREFIXES
    assert not reason.endswith(".")


@pytest.mark.parametrize("reason", REASONS)
def test_reason_is_provoked(reason):
    assert reason in provoked()
