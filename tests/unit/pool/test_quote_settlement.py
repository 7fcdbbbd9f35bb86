"""`quote_settlement` says who would bear a loss, or refuses what `settle` would refuse."""

import ape
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.steps import RAY, USDC, YEAR

DEBT = 10_000 * USDC


@pytest.fixture
def owing(pool, lent, vault):
    """The vault owes 10,000."""
    pool.borrow(DEBT, vault, 0, sender=vault)


@pytest.fixture
def vault_debt(twin, risk_admin):
    """Borrow 2,000 of the twin; once a loss has stopped that, resume it first."""

    def act():
        if twin.pool.borrowing_stopped():
            twin.pool.resume_borrowing(sender=risk_admin)
            twin.model.resume_borrowing(sender=risk_admin.address)
        scaled, _ = twin.ask("borrow", 2_000 * USDC, twin.actor, 0)
        return scaled

    return act


def test_without_a_loss_nobody_bears_any(pool, owing):
    assert tuple(pool.quote_settlement(4_000 * USDC, 100 * USDC, DEBT, 0)) == (0, 0, 0)


def test_fund_shares_first_then_cash_then_lenders(pool, fund, asset, owing, vault, pay):
    pay(vault, 2_000 * USDC)
    pool.settle(0, 2_000 * USDC, 0, 0, sender=vault)
    asset.mint(fund, 3_000 * USDC, sender=vault)

    loss = pool.quote_settlement(1_000 * USDC, 500 * USDC, DEBT, 9_000 * USDC)

    # the insurance share of this very settlement counts: 2,000 + 500 in shares
    assert (loss.by_shares, loss.by_cash, loss.lost) == (
        2_500 * USDC,
        3_000 * USDC,
        3_500 * USDC,
    )


def test_refuses_what_is_not_the_whole_debt(pool, owing):
    for bad_debt in (1, DEBT - 1, DEBT + 1):
        with ape.reverts("pool: not the whole debt"):
            pool.quote_settlement(0, 0, DEBT, bad_debt)


def test_refuses_more_than_the_debt(pool, owing):
    with ape.reverts("pool: more than the debt"):
        pool.quote_settlement(DEBT + 1, 0, DEBT, 0)


def test_refuses_what_burns_nothing(pool, owing):
    with ape.reverts("pool: repays nothing"):
        pool.quote_settlement(0, 0, DEBT, 0)


def test_does_not_know_that_the_asset_will_refuse(pool, fund, asset, owing, vault):
    # it says what the fund has; if the asset blocks the fund, the lenders bear that part too
    asset.mint(fund, DEBT, sender=vault)
    asset.set_blocked(fund, True, sender=vault)

    loss = pool.quote_settlement(0, 0, DEBT, DEBT)

    assert (loss.by_shares, loss.by_cash, loss.lost) == (0, DEBT, 0)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    repaid=st.integers(0, 10**18),
    insurance=st.integers(0, 1_000 * USDC),
    cash=st.integers(0, 5_000 * USDC),
    rate=st.integers(0, 2 * RAY // YEAR),
    elapsed=st.integers(1, YEAR // 4),
)
def test_settlement_does_as_quoted(twin, vault_debt, repaid, insurance, cash, rate, elapsed):
    scaled = vault_debt()
    twin.set_rate(rate)
    ape.chain.mine(deltatime=elapsed)
    twin.run(("accrue",))
    twin.set_rate(0)  # from here on nothing grows from block to block
    debt = twin.ask("debt_of", scaled)
    repaid %= debt
    twin.give_fund(cash)
    owned, held = twin.ask("totalAssets"), twin.ask("asset.balanceOf", twin.model.insurance_fund)

    _, quote, left, assets, fund_cash = twin.run(
        ("asset.transfer", twin.pool, repaid + insurance),
        ("quote_settlement", repaid, insurance, scaled, debt - repaid),
        ("settle", repaid, insurance, scaled, debt - repaid),
        ("totalAssets",),
        ("asset.balanceOf", twin.model.insurance_fund),
    )

    by_shares, by_cash, lost = quote
    assert (left, by_shares + by_cash + lost) == (0, debt - repaid)
    assert fund_cash == held - by_cash
    # the total of debts is rounded down, each debt up
    assert 0 <= assets - (owned + insurance - by_shares - lost) <= 1
