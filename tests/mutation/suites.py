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


def tests_of(contract: Path) -> tuple[str, ...]:
    """Where the tests are that concern a contract."""
    if contract == HARNESS:
        return ("tests/math/",)
    unit = f"tests/unit/{UNIT[contract.stem]}/"
    return (unit, "tests/math/test_verdicts.py") if contract.stem == "MarginEngine" else (unit,)
