"""Runtime code of each contract against its budget, well below what the EVM allows."""

import pytest

from tests.sources import DEPLOYABLE

EVM_LIMIT = 24_576
BUDGETS = {
    "ChainlinkOracle": 7_000,
    "CreditPool": 22_000,
    "InsuranceFund": 2_900,
    "KinkedRateModel": 800,
    "MarginEngine": 21_500,
    "MarginLens": 1_500,
    "Vault": 13_000,
    "VaultFactory": 3_000,
}


@pytest.mark.parametrize("name", BUDGETS)
def test_runtime_code_is_within_budget(project, name):
    size = len(getattr(project, name).contract_type.get_runtime_bytecode())

    assert size <= BUDGETS[name] < EVM_LIMIT


def test_each_deployable_contract_has_a_budget():
    assert {path.stem for path in DEPLOYABLE} == set(BUDGETS)
