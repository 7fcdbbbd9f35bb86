"""The harness that lets tests call the contracts' math, and its comparison with the model."""

import pytest

from tests.math.twins import Twins


@pytest.fixture(scope="session")
def harness(project, accounts):
    return accounts[0].deploy(project.MathHarness)


@pytest.fixture(scope="session")
def twins(harness, accounts, chain):
    return Twins(harness, accounts[0].address, chain.provider)
