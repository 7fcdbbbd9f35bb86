"""A liquidation goes as far as was confirmed, and no further."""

from decimal import Decimal

import pytest

from ringfence.model.liquidation import insurance_due
from ringfence.quotes import Quote, bounds_of, largest_insurance, largest_repayment
from ringfence.units import MAX_UINT, WAD

QUOTE = Quote(
    "WETH", repaid=8_000_000_000, insurance=12_000_000, seized=53 * WAD, covered=0, lost=0
)
INSURANCE = largest_insurance(5 * WAD // 100, 20 * WAD // 100)


def test_repayment_grows_by_the_slippage_and_the_interest():
    bounds = bounds_of(QUOTE, Decimal("0.01"), None, INSURANCE)

    assert bounds.repaid == 8_000_000_000 + 80_000_000 + 8_000_001
    assert bounds.seized == 53 * WAD * 99 // 100


def test_interest_is_allowed_for_without_slippage():
    bounds = bounds_of(QUOTE, Decimal(0), None, INSURANCE)

    assert bounds.repaid == 8_000_000_000 + 8_000_001
    assert bounds.seized == QUOTE.seized


def test_limit_stands_whatever_was_quoted():
    assert bounds_of(QUOTE, Decimal("0.5"), QUOTE.repaid, INSURANCE).repaid == QUOTE.repaid
    assert bounds_of(QUOTE, Decimal(0), MAX_UINT, INSURANCE).repaid < MAX_UINT


def test_nothing_to_pay_stays_nothing_to_pay():
    own_money = Quote("USDC", 0, 0, 0, 0, 0)

    assert bounds_of(own_money, Decimal("0.5"), None, INSURANCE).payment == 0


@pytest.mark.parametrize("repaid", [1, 7, 999_999, 8_000_000_007, 10**30 + 1])
@pytest.mark.parametrize("bonus", [WAD // 100, 5 * WAD // 100 - 1, 5 * WAD // 100])
def test_payment_suffices_at_any_bonus(repaid, bonus):
    quote = Quote("WETH", repaid, 0, 1, 0, 0)

    bounds = bounds_of(quote, Decimal("0.01"), None, INSURANCE)

    assert bounds.repaid + insurance_due(bounds.repaid, bonus, WAD // 5) <= bounds.payment


@pytest.mark.parametrize("wallet", [0, 1, 2, 3, 101, 5_000_000_000, 10**30 + 7])
def test_wallet_suffices_for_the_largest_repayment(wallet):
    most = largest_repayment(wallet, INSURANCE)

    quote = Quote("WETH", most, 0, 1, 0, 0)
    assert bounds_of(quote, Decimal("0.01"), most, INSURANCE).payment <= wallet or most == 0
