"""A compiler that remembers compiles to the same."""

import pytest
from vyper.ir import optimizer

from tests.mutation import building, optimizing
from tests.sources import CONTRACTS


@pytest.mark.parametrize("name", ["InsuranceFund", "VaultFactory", "ChainlinkOracle"])
def test_changes_no_code(monkeypatch, name):
    monkeypatch.setattr(optimizer, "_optimize", optimizing._optimize)
    forgetful = building.compiled(CONTRACTS / f"{name}.vy")

    optimizing.remember()

    assert building.compiled(CONTRACTS / f"{name}.vy") == forgetful
