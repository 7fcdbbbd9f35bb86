"""`collect`: shares owed to the reserves are issued; they counted before."""

import ape
import pytest

from tests.steps import DAY, RAY, USDC, YEAR, ZERO, event, events, give
from tests.unit.pool.bare import charge, deploy_pool, shares_moved


@pytest.fixture
def earned(twin):
    """A year at 100 %; nothing is earned from here on."""
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)
    twin.run(("accrue",))
    twin.set_rate(0)


def test_issues_what_is_owed(twin, earned, fund, treasury, outsider):
    insurance, to_treasury = twin.pool.balanceOf(fund), twin.pool.balanceOf(treasury)

    receipt = twin.pool.collect(sender=outsider)

    log = event(receipt, twin.pool.ReservesCollected)
    assert (log.insurance_shares, log.treasury_shares) == (insurance, to_treasury)
    assert shares_moved(receipt, twin.pool) == [
        (ZERO, fund, insurance),
        (ZERO, treasury, to_treasury),
    ]


def test_changes_no_balance_and_no_total(twin):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)
    views = [
        ("balanceOf", twin.model.insurance_fund),
        ("balanceOf", twin.model.treasury),
        ("totalSupply",),
    ]

    answers = twin.run(*views, ("collect",), *views)

    assert answers[:3] == answers[4:]
    assert 0 not in answers[:3]


def test_changes_no_assets_and_no_price(twin):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)
    views = [("totalAssets",), ("convertToAssets", 10**18), ("cash",)]

    answers = twin.run(*views, ("collect",), *views)

    assert answers[:3] == answers[4:]


def test_a_second_call_issues_nothing(twin, earned, outsider):
    twin.pool.collect(sender=outsider)

    receipt = twin.pool.collect(sender=outsider)

    assert not events(receipt, twin.pool.ReservesCollected)
    assert not shares_moved(receipt, twin.pool)


def test_of_nothing_is_not_logged(chain, pool, lent, outsider):
    chain.mine(deltatime=10)

    receipt = pool.collect(sender=outsider)

    assert not events(receipt, pool.ReservesCollected)
    assert len(events(receipt, pool.InterestAccrued)) == 1


def test_works_at_any_pause_level(twin, earned, fund, guardian, outsider):
    twin.pool.pause(2, DAY, sender=guardian)

    receipt = twin.pool.collect(sender=outsider)

    assert len(events(receipt, twin.pool.ReservesCollected)) == 1


def test_nothing_is_owed_without_reserve_shares(
    project, deployer, asset, rates, registry, treasury, vault, lender, chain
):
    pool = deploy_pool(
        project, deployer, asset, rates, registry, treasury, insurance_share=0, treasury_share=0
    )
    give(asset, lender, 10_000 * USDC, pool)
    pool.deposit(10_000 * USDC, lender, sender=lender)
    pool.borrow(10_000 * USDC, vault, 0, sender=vault)
    charge(pool, rates, RAY // YEAR, vault)
    chain.mine(deltatime=YEAR)

    receipt = pool.collect(sender=vault)

    assert not events(receipt, pool.ReservesCollected)
    assert pool.balanceOf(treasury) == 0
    assert pool.balanceOf(lender) == pool.totalSupply()


@pytest.mark.parametrize("without", ["insurance_share", "treasury_share"])
def test_a_reserve_without_a_share_is_issued_nothing(
    project, deployer, asset, rates, registry, treasury, vault, lender, chain, without
):
    pool = deploy_pool(project, deployer, asset, rates, registry, treasury, **{without: 0})
    give(asset, lender, 10_000 * USDC, pool)
    pool.deposit(10_000 * USDC, lender, sender=lender)
    pool.borrow(10_000 * USDC, vault, 0, sender=vault)
    charge(pool, rates, RAY // YEAR, vault)
    chain.mine(deltatime=YEAR)

    receipt = pool.collect(sender=vault)

    other = pool.INSURANCE_FUND() if without == "treasury_share" else treasury
    assert [(sender, receiver) for sender, receiver, _ in shares_moved(receipt, pool)] == [
        (ZERO, other)
    ]


def test_works_in_the_fullest_pool(
    project, deployer, asset, rates, registry, treasury, vault, lender, chain
):
    # lenders fill half of the largest supply; a year at 100 % for all of it must still fit
    pool = deploy_pool(
        project, deployer, asset, rates, registry, treasury,
        supply_cap=2**120 - 1, borrow_cap=2**120 - 1, max_debt=2**120 - 1,
    )  # fmt: skip
    most = pool.maxDeposit(lender)
    give(asset, lender, most, pool)
    pool.deposit(most, lender, sender=lender)
    pool.borrow(most, vault, 0, sender=vault)
    charge(pool, rates, RAY // YEAR, vault)
    chain.mine(deltatime=YEAR)

    receipt = pool.collect(sender=vault)

    assert event(receipt, pool.ReservesCollected).treasury_shares > 0
    assert pool.maxDeposit(lender) == pool.maxMint(lender) == 0
