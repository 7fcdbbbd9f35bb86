"""`settle` with a loss: the insurance fund's shares, then its cash, then the lenders."""

from contextlib import suppress

import ape
import pytest
from ape.exceptions import TransactionError

from tests.steps import DAY, RAY, USDC, YEAR, ZERO, event, events
from tests.unit.pool.bare import charge, shares_moved

SHARES = 10**6  # per asset while nothing was earned
DEBT = 10_000 * USDC


@pytest.fixture
def owing(pool, lent, vault):
    """The vault owes 10,000."""
    pool.borrow(DEBT, vault, 0, sender=vault)


@pytest.fixture
def insure(pool, fund, lent, other_vault, pay):
    """Give the fund shares, through the insurance share of another vault's liquidation."""

    def act(assets):
        pay(other_vault, assets)
        pool.settle(0, assets, 0, 0, sender=other_vault)

    return act


def parts(receipt, pool):
    log = event(receipt, pool.DebtWrittenOff)
    return log.covered_by_shares, log.covered_by_cash, log.lost


# -- Who bears it ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "cash", "borne"),
    [
        (0, 0, (0, 0, 10_000)),
        (4_000, 0, (4_000, 0, 6_000)),
        (0, 4_000, (0, 4_000, 6_000)),
        (4_000, 3_000, (4_000, 3_000, 3_000)),
        (4_000, 6_000, (4_000, 6_000, 0)),  # covered exactly
        (10_000, 5_000, (10_000, 0, 0)),  # covered exactly by shares
        (12_000, 5_000, (10_000, 0, 0)),
        (4_000, 20_000, (4_000, 6_000, 0)),
    ],
)
def test_goes_down_the_waterfall(pool, fund, asset, owing, insure, vault, shares, cash, borne):
    insure(shares * USDC)
    asset.mint(fund, cash * USDC, sender=vault)

    receipt = pool.settle(0, 0, DEBT, DEBT, sender=vault)

    by_shares, by_cash, lost = (part * USDC for part in borne)
    assert parts(receipt, pool) == (by_shares, by_cash, lost)
    assert pool.balanceOf(fund) == (shares * USDC - by_shares) * SHARES
    assert asset.balanceOf(fund) == cash * USDC - by_cash
    assert pool.cash() == (990_000 + shares) * USDC + by_cash
    assert pool.totalAssets() == (1_000_000 + shares) * USDC - by_shares - lost
    assert pool.lender_losses() == lost


@pytest.mark.parametrize(("cash", "borne"), [(0, (0, 0, 1)), (1, (0, 1, 0))])
def test_a_loss_of_one_unit_is_a_loss(pool, fund, asset, owing, vault, pay, cash, borne):
    asset.mint(fund, cash, sender=vault)
    pay(vault, DEBT - 1)

    receipt = pool.settle(DEBT - 1, 0, DEBT, 1, sender=vault)

    assert parts(receipt, pool) == borne
    assert pool.lender_losses() == borne[2]
    assert not shares_moved(receipt, pool)


def test_lenders_keep_their_price_when_the_fund_covers_it(pool, owing, insure, vault, lender):
    insure(10_000 * USDC)

    pool.settle(0, 0, DEBT, DEBT, sender=vault)

    assert pool.convertToAssets(pool.balanceOf(lender)) == 1_000_000 * USDC


def test_all_lenders_lose_alike(pool, asset, owing, vault, lender, outsider):
    asset.mint(outsider, 1_000_000 * USDC, sender=outsider)
    asset.approve(pool, 1_000_000 * USDC, sender=outsider)
    pool.deposit(1_000_000 * USDC, outsider, sender=outsider)

    pool.settle(0, 0, DEBT, DEBT, sender=vault)

    # 10,000 of 2,000,000: the virtual asset rounds the price up by nothing that a lender sees
    assert pool.convertToAssets(pool.balanceOf(lender)) == 995_000 * USDC
    assert pool.convertToAssets(pool.balanceOf(outsider)) == 995_000 * USDC


def test_repayment_insurance_and_loss_are_booked_together(pool, fund, owing, vault, pay):
    pay(vault, 6_500 * USDC)

    receipt = pool.settle(6_000 * USDC, 500 * USDC, DEBT, 4_000 * USDC, sender=vault)

    # the shares just issued for the 500 are the first to bear the loss
    assert parts(receipt, pool) == (500 * USDC, 0, 3_500 * USDC)
    assert pool.balanceOf(fund) == 0
    assert pool.cash() == 996_500 * USDC == pool.totalAssets()
    assert pool.total_scaled_debt() == 0


def test_the_price_before_the_loss_counts(pool, owing, insure, vault):
    insure(8_000 * USDC)

    # 8,000 of 1,008,000 are the fund's: at the price after the loss its shares would be worth
    # less than 8,000, and at that price the lenders would lose more
    receipt = pool.settle(0, 0, DEBT, DEBT, sender=vault)

    assert parts(receipt, pool) == (8_000 * USDC, 0, 2_000 * USDC)
    assert pool.totalSupply() == 1_000_000 * USDC * SHARES


def test_equals_the_model_after_interest(twin):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)
    twin.give_fund(1_000 * USDC)
    twin.run(("accrue",), ("asset.transfer", twin.pool, 2_000_000 * USDC))
    twin.set_rate(0)  # from here on a debt is the same in the next block

    debt = twin.ask("debt_of", 1_000_000 * USDC)
    bad_debt = debt - 1_900_000 * USDC
    quote, left, *_, losses = twin.run(
        ("quote_settlement", 1_900_000 * USDC, 100_000 * USDC, 1_000_000 * USDC, bad_debt),
        ("settle", 1_900_000 * USDC, 100_000 * USDC, 1_000_000 * USDC, bad_debt),
        ("cash",),
        ("totalAssets",),
        ("totalSupply",),
        ("balanceOf", twin.model.insurance_fund),
        ("asset.balanceOf", twin.model.insurance_fund),
    )

    assert left == 0
    assert sum(quote) == bad_debt
    assert quote[1] == 1_000 * USDC
    assert losses == 0
    assert twin.pool.lender_losses() == twin.model.lender_losses == quote[2] > 0


def test_shares_owed_to_the_fund_bear_it_too(twin):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)
    twin.run(("accrue",))
    twin.set_rate(0)
    debt = twin.ask("debt_of", 1_000_000 * USDC)

    owed, quote, _, fund_left, treasury_left = twin.run(
        ("balanceOf", twin.model.insurance_fund),
        ("quote_settlement", 0, 0, 1_000_000 * USDC, debt),
        ("settle", 0, 0, 1_000_000 * USDC, debt),
        ("balanceOf", twin.model.insurance_fund),
        ("balanceOf", twin.model.treasury),
    )

    # 10 % of 1,666,667 of interest, and a few seconds' more
    assert owed > 0
    assert 166_666 * USDC < quote[0] < 166_668 * USDC
    assert fund_left < SHARES  # less than one unit of the asset
    assert treasury_left > 0


# -- Events ----------------------------------------------------------------------------------------


def test_logs_who_bears_it(pool, fund, asset, owing, insure, vault):
    insure(4_000 * USDC)
    asset.mint(fund, 3_000 * USDC, sender=vault)

    receipt = pool.settle(0, 0, DEBT, DEBT, sender=vault)

    log = event(receipt, pool.DebtWrittenOff)
    covered = event(receipt, fund.LossCovered)
    assert (log.vault, log.assets) == (vault, DEBT)
    assert (covered.assets, covered.cash) == (3_000 * USDC, 0)
    assert log.burned_shares == 4_000 * USDC * SHARES
    assert shares_moved(receipt, pool) == [(fund, ZERO, 4_000 * USDC * SHARES)]


def test_leaves_what_is_owed_if_what_is_issued_suffices(pool, fund, owing, insure, vault, rates):
    insure(50_000 * USDC)
    debt, owed = _earn_a_year(pool, rates, vault)

    receipt = pool.settle(0, 0, DEBT, debt, sender=vault)

    assert not events(receipt, pool.ReservesCollected)
    assert pool.balanceOf(fund) > owed


def test_issues_what_is_owed_if_what_is_issued_does_not_suffice(
    pool, fund, treasury, owing, insure, vault, rates
):
    insure(1_000 * USDC)
    debt, owed = _earn_a_year(pool, rates, vault)
    held, of_treasury = pool.balanceOf(fund), pool.balanceOf(treasury)

    receipt = pool.settle(0, 0, DEBT, debt, sender=vault)

    assert event(receipt, pool.ReservesCollected).insurance_shares == owed > 0
    burned = event(receipt, pool.DebtWrittenOff).burned_shares
    assert pool.balanceOf(fund) == held - burned < SHARES  # less than a unit's worth is left
    assert pool.balanceOf(treasury) == of_treasury


def _earn_a_year(pool, rates, vault):
    """Return the debt after a year at 100 %, and the shares that the fund is owed for it."""
    before = pool.balanceOf(pool.INSURANCE_FUND())
    charge(pool, rates, RAY // YEAR, vault)
    ape.chain.mine(deltatime=YEAR)
    pool.accrue(sender=vault)
    charge(pool, rates, 0, vault)
    return pool.debt_of(DEBT), pool.balanceOf(pool.INSURANCE_FUND()) - before


def test_logs_the_repayment_with_no_debt_left(pool, owing, vault, pay):
    pay(vault, 1_000 * USDC)

    receipt = pool.settle(1_000 * USDC, 0, DEBT, 9_000 * USDC, sender=vault)

    log = event(receipt, pool.Repaid)
    assert (log.vault, log.assets, log.scaled_debt) == (vault, 1_000 * USDC, 0)


def test_does_not_call_a_fund_without_cash(pool, fund, owing, vault):
    receipt = pool.settle(0, 0, DEBT, DEBT, sender=vault)

    assert not events(receipt, fund.LossCovered)


# -- A fund that cannot pay ------------------------------------------------------------------------


def test_lenders_bear_what_a_blocked_fund_cannot_pay(pool, fund, asset, owing, vault):
    asset.mint(fund, 20_000 * USDC, sender=vault)
    asset.set_blocked(fund, True, sender=vault)

    receipt = pool.settle(0, 0, DEBT, DEBT, sender=vault)

    assert parts(receipt, pool) == (0, 0, DEBT)
    assert pool.totalAssets() == 990_000 * USDC == pool.cash()
    assert asset.balanceOf(fund) == 20_000 * USDC


@pytest.mark.parametrize("quirk", [2, 4])  # returns false, reverts
def test_lenders_bear_what_the_asset_refuses(pool, fund, asset, owing, vault, quirk):
    asset.mint(fund, 20_000 * USDC, sender=vault)
    asset.set_quirks(quirk, sender=vault)

    receipt = pool.settle(0, 0, DEBT, DEBT, sender=vault)

    assert parts(receipt, pool) == (0, 0, DEBT)


def test_starving_the_fund_starves_the_settlement(pool, fund, asset, owing, vault):
    asset.mint(fund, DEBT, sender=vault)

    # the first limit that is enough for the pool is enough for the fund
    for gas in range(100_000, 300_000, 1_000):
        with suppress(TransactionError):
            receipt = pool.settle(0, 0, DEBT, DEBT, sender=vault, gas_limit=gas)
            break

    assert parts(receipt, pool) == (0, DEBT, 0)


# -- The stop --------------------------------------------------------------------------------------


def test_stops_borrowing_above_the_loss_stop(pool, lent, vault, lose):
    receipt = lose(vault, 50_000 * USDC + 1)

    assert event(receipt, pool.BorrowingStopped).losses == 50_000 * USDC + 1
    assert pool.borrowing_stopped()


def test_tolerates_losses_up_to_the_loss_stop(pool, lent, vault, lose):
    receipt = lose(vault, 50_000 * USDC)  # 5 % of a million

    assert not events(receipt, pool.BorrowingStopped)
    assert not pool.borrowing_stopped()


def test_tolerates_no_part_of_a_unit_more(pool, lent, supply, vault, lose):
    supply(10)

    lose(vault, 50_000 * USDC + 1)  # 5 % of a million and ten units is half a unit less

    assert pool.borrowing_stopped()


def test_losses_add_up(pool, lent, vault, lose):
    lose(vault, 30_000 * USDC)
    assert not pool.borrowing_stopped()

    # 5 % of the 970,000 that are left
    receipt = lose(vault, 18_500 * USDC + 1)

    assert event(receipt, pool.BorrowingStopped).losses == 48_500 * USDC + 1
    assert pool.lender_losses() == 48_500 * USDC + 1


def test_what_the_fund_bears_does_not_count(pool, owing, insure, vault):
    insure(10_000 * USDC)

    pool.settle(0, 0, DEBT, DEBT, sender=vault)

    assert pool.lender_losses() == 0


def test_a_second_loss_is_not_announced_again(pool, lent, vault, other_vault, lose):
    pool.borrow(DEBT, other_vault, 0, sender=other_vault)
    lose(vault, 60_000 * USDC)

    receipt = pool.settle(0, 0, DEBT, DEBT, sender=other_vault)

    assert not events(receipt, pool.BorrowingStopped)
    assert pool.lender_losses() == 70_000 * USDC


def test_works_at_any_pause_level(pool, owing, vault, guardian):
    pool.pause(2, DAY, sender=guardian)

    pool.settle(0, 0, DEBT, DEBT, sender=vault)

    assert pool.total_debt() == 0


def test_all_assets_can_be_lost(pool, lent, vault, lose, lender):
    lose(vault, 1_000_000 * USDC)

    assert pool.totalAssets() == 0
    assert pool.convertToAssets(pool.balanceOf(lender)) == 0
    assert pool.maxWithdraw(lender) == 0
