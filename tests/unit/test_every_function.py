"""Each external function of each contract is called by a test in the contract's own folder."""

import re
from pathlib import Path

import pytest

from tests.mutation import suites
from tests.sources import DEPLOYABLE

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("contract", DEPLOYABLE, ids=lambda path: path.stem)
def test_is_called_in_the_folder_of_its_contract(project, contract):
    kind = getattr(project, contract.stem).contract_type
    names = {method.name for method in (*kind.view_methods, *kind.mutable_methods)}
    source = "\n".join(
        path.read_text() for path in ROOT.joinpath(suites.tests_of(contract)[0]).glob("*.py")
    )

    assert {name for name in names if not re.search(rf"\W{name}\W", source)} == set()
