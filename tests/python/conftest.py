"""A vault to preview, in any of the states in which it may be."""

import pytest

from ringfence.vault import Vault
from tests import steps
from tests.steps import USDC, WBTC, WETH


@pytest.fixture
def handle(market, vault):
    """The owner's vault, as the package hands it out."""
    return Vault(market, vault)


@pytest.fixture
def rich(lent, handle, vault, owner, weth, wbtc, dai, usdc):
    """The owner's vault with four tokens, not in debt."""
    steps.put(vault, weth, 100 * WETH + 7, owner)
    steps.put(vault, wbtc, 2 * WBTC + 3, owner)
    steps.put(vault, dai, 1_234 * 10**18 + 11, owner)
    steps.put(vault, usdc, 500 * USDC + 1, owner)
    return handle


@pytest.fixture
def levered(rich, vault, owner):
    """The same with a debt of 20,000."""
    vault.borrow(20_000 * USDC, owner, sender=owner)
    return rich
