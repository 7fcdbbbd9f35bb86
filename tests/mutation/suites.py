"""Which contracts a source goes into, and which tests are the fast suite that concerns it."""

import re
from functools import cache
from pathlib import Path

from tests.sources import CONTRACTS, DEPLOYABLE

HARNESS = CONTRACTS / "mocks" / "MathHarness.vy"
UNIT = {
    "ChainlinkOracle": "oracle",
    "CreditPool": "pool",
    "InsuranceFund": "fund",
    "KinkedRateModel": "rates",
    "MarginEngine": "engine",
    "MarginLens": "lens",
    "Vault": "vault",
    "VaultFactory": "factory",
}
_IMPORT = re.compile(r"^from (\.+)([\w.]*) import (\w+)", re.MULTILINE)


@cache
def imports_of(path: Path) -> frozenset[Path]:
    """A source and all sources of ours that it is made of."""
    found = {path}
    for dots, folder, name in _IMPORT.findall(path.read_text()):
        base = path.parent if dots == "." else path.parent.parent
        source = base.joinpath(*folder.split(".")) / f"{name}.vy"
        if source.is_file():
            found |= imports_of(source)
    return frozenset(found)


def contracts_with(path: Path) -> list[Path]:
    """The deployable contracts that a source goes into; the harness first, for math."""
    harness = [HARNESS] if path.parent.name == "math" else []
    return harness + [it for it in DEPLOYABLE if path in imports_of(it)]


def tests_of(contract: Path) -> str:
    """The folder of tests that concern a contract."""
    return "tests/math/" if contract == HARNESS else f"tests/unit/{UNIT[contract.stem]}/"
