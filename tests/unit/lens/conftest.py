"""Statuses of rows, and vaults of every kind."""

import pytest

from tests.steps import USDC, WETH, put

OK, NOT_A_VAULT, PRICE_DEAD, UNREADABLE = 0, 1, 2, 3


@pytest.fixture
def second_indebted(lent, other_vault, neighbour, weth):
    """The vault of the neighbour with 50 WETH and a debt of 2,000."""
    put(other_vault, weth, 50 * WETH, neighbour)
    other_vault.borrow(2_000 * USDC, neighbour, sender=neighbour)
    return other_vault
