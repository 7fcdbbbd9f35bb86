"""Which contracts a source goes into, and which tests are the fast suite that concerns it."""

from pathlib import Path

from tests.sources import CONTRACTS, DEPLOYABLE, imports_of

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


def contracts_with(path: Path) -> list[Path]:
    """The deployable contracts that a source goes into; the harness first, for math."""
    harness = [HARNESS] if path.parent.name == "math" else []
    return harness + [it for it in DEPLOYABLE if path in imports_of(it)]


def tests_of(contract: Path) -> str:
    """The folder of tests that concern a contract."""
    return "tests/math/" if contract == HARNESS else f"tests/unit/{UNIT[contract.stem]}/"
