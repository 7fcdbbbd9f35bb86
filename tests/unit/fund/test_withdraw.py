"""`withdraw`: the owner of the market takes money out, with notice and while borrowing runs."""

import ape
import pytest

from tests.steps import DAY, USDC, event
from tests.unit.pool.bare import charge, shares_moved

WINDOW = 14 * DAY
RETURNS_NOTHING, RETURNS_FALSE = 1, 2


@pytest.fixture
def stopped(pool, fund, asset, lent, vault):
    """Lenders lost 6 %, and the fund got new cash."""
    pool.borrow(60_000 * USDC, vault, 0, sender=vault)
    pool.settle(0, 0, 60_000 * USDC, 60_000 * USDC, sender=vault)
    asset.mint(fund, 5_000 * USDC, sender=vault)


def test_sends_cash(fund, asset, cash, announced, house, owner):
    announced(asset, 2_000 * USDC, owner)

    receipt = fund.withdraw(asset, 2_000 * USDC, owner, sender=house)

    log = event(receipt, fund.Withdrawn)
    assert (log.token, log.receiver, log.amount) == (asset, owner, 2_000 * USDC)
    assert asset.balanceOf(owner) == 2_000 * USDC
    assert asset.balanceOf(fund) == 3_000 * USDC


def test_sends_shares(pool, fund, asset, lent, announced, vault, house, owner):
    asset.mint(pool, 100 * USDC, sender=vault)
    pool.settle(0, 100 * USDC, 0, 0, sender=vault)
    shares = pool.balanceOf(fund)
    announced(pool, shares, owner)

    receipt = fund.withdraw(pool, shares, owner, sender=house)

    assert shares_moved(receipt, pool)[-1] == (fund, owner, shares)
    assert pool.balanceOf(fund) == 0


def test_sends_shares_that_were_only_owed(
    project, pool, fund, asset, lent, announced, vault, house, owner, chain
):
    rates = project.MockRateModel.at(pool.RATE_MODEL())
    pool.borrow(500_000 * USDC, vault, 0, sender=vault)
    charge(pool, rates, 10**27 // (365 * DAY), vault)
    announced(pool, 10**12, owner)

    receipt = fund.withdraw(pool, 10**12, owner, sender=house)

    assert event(receipt, pool.ReservesCollected).insurance_shares > 10**12
    assert pool.balanceOf(owner) == 10**12


def test_sends_what_vaults_left_behind(project, deployer, fund, announced, house, owner):
    token = deployer.deploy(project.MockToken, "Old", "OLD", 18)
    token.mint(fund, 7, sender=deployer)
    announced(token, 7, owner)

    fund.withdraw(token, 7, owner, sender=house)

    assert token.balanceOf(owner) == 7


def test_sends_a_token_that_returns_nothing(fund, asset, cash, announced, house, owner):
    announced(asset, 1, owner)
    asset.set_quirks(RETURNS_NOTHING, sender=house)

    fund.withdraw(asset, 1, owner, sender=house)

    assert asset.balanceOf(owner) == 1


def test_reverts_for_anyone_but_the_owner(
    fund, asset, cash, announced, risk_admin, outsider, owner
):
    announced(asset, 1, owner)

    for other in (risk_admin, outsider, owner):
        with ape.reverts("fund: not the owner"):
            fund.withdraw(asset, 1, owner, sender=other)


def test_reverts_while_borrowing_is_stopped(fund, asset, stopped, announced, house):
    announced(asset, 1, house)

    with ape.reverts("fund: borrowing is stopped"):
        fund.withdraw(asset, 1, house, sender=house)


def test_works_once_borrowing_was_resumed(pool, fund, asset, stopped, announced, house, risk_admin):
    announced(asset, 1, house)
    pool.resume_borrowing(sender=risk_admin)

    fund.withdraw(asset, 1, house, sender=house)

    assert asset.balanceOf(house) == 1


def test_reverts_without_notice(fund, asset, cash, house):
    with ape.reverts("notice: not announced"):
        fund.withdraw(asset, 1, house, sender=house)


def test_reverts_for_another_withdrawal_than_announced(
    fund, asset, pool, cash, announced, house, owner
):
    announced(asset, 1, owner)

    for other in ((asset, 2, owner), (asset, 1, house), (pool, 1, owner)):
        with ape.reverts("notice: not announced"):
            fund.withdraw(*other, sender=house)


def test_reverts_a_second_time(fund, asset, cash, announced, house, owner):
    announced(asset, 1, owner)
    fund.withdraw(asset, 1, owner, sender=house)

    with ape.reverts("notice: not announced"):
        fund.withdraw(asset, 1, owner, sender=house)


@pytest.mark.parametrize("late", [0, WINDOW])
def test_works_inside_the_window(chain, fund, asset, cash, house, late):
    call = fund.withdraw.encode_input(asset, 1, house)
    ready = fund.announce(call, sender=house).timestamp + 3 * DAY

    chain.pending_timestamp = ready + late
    fund.withdraw(asset, 1, house, sender=house)

    assert asset.balanceOf(house) == 1


@pytest.mark.parametrize(
    ("late", "reason"), [(-1, "notice: too early"), (WINDOW + 1, "notice: lapsed")]
)
def test_reverts_outside_the_window(chain, fund, asset, cash, house, late, reason):
    call = fund.withdraw.encode_input(asset, 1, house)
    ready = fund.announce(call, sender=house).timestamp + 3 * DAY

    chain.pending_timestamp = ready + late
    with ape.reverts(reason):
        fund.withdraw(asset, 1, house, sender=house)


def test_reverts_when_the_token_returns_false(fund, asset, cash, announced, house):
    announced(asset, 1, house)
    asset.set_quirks(RETURNS_FALSE, sender=house)

    with ape.reverts("fund: transfer failed"):
        fund.withdraw(asset, 1, house, sender=house)


def test_reverts_above_the_balance(fund, asset, cash, announced, house):
    announced(asset, 5_000 * USDC + 1, house)

    with ape.reverts("token: balance too low"):
        fund.withdraw(asset, 5_000 * USDC + 1, house, sender=house)


def test_what_it_could_not_do_stays_announced(fund, asset, cash, announced, house):
    announced(asset, 1, house)
    asset.set_quirks(RETURNS_FALSE, sender=house)
    with ape.reverts("fund: transfer failed"):
        fund.withdraw(asset, 1, house, sender=house)
    asset.set_quirks(0, sender=house)

    fund.withdraw(asset, 1, house, sender=house)

    assert asset.balanceOf(house) == 1
