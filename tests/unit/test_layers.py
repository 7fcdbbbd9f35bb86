"""Which source may import which: downwards only."""

import re

import pytest

from tests.sources import CONTRACTS, imports_of

SOURCES = sorted([*CONTRACTS.rglob("*.vy"), *CONTRACTS.rglob("*.vyi")])
IMPORT = re.compile(r"^from (\.*)([\w.]*) import (\w+)", re.MULTILINE)
ALLOWED = {
    "math": {"math", "snekmate"},
    "interfaces": {"interfaces", "ethereum"},
    "modules": {"math", "interfaces", "modules", "snekmate", "ethereum"},
    "": {"math", "interfaces", "modules", "ethereum"},
    "mocks": {"math", "interfaces", "modules", "ethereum"},
}


def layer_of(path):
    return path.relative_to(CONTRACTS).parts[0] if path.parent != CONTRACTS else ""


def imported_layers(path):
    for dots, module, _ in IMPORT.findall(path.read_text()):
        if module:
            yield module.split(".")[0]
        else:
            yield layer_of(path) if dots == "." else "contracts"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(CONTRACTS)))
def test_imports_point_downwards(path):
    assert set(imported_layers(path)) <= ALLOWED[layer_of(path)]


def test_only_math_and_interfaces_stand_alone():
    assert {layer_of(path) for path in SOURCES} == set(ALLOWED)


def test_the_pool_calls_neither_engine_nor_vault():
    for path in imports_of(CONTRACTS / "CreditPool.vy"):
        assert not re.search(r"import (IMarginEngine|IVault)\b", path.read_text()), path.name
