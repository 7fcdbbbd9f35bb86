"""`set_caps`: down at once, up after notice."""

import ape
import pytest

from tests.steps import DAY, MAX, USDC, event

SUPPLY, BORROW = 50_000_000 * USDC, 40_000_000 * USDC
MAX_CAP = 2**120 - 1


@pytest.fixture
def announced(chain, pool, risk_admin):
    """Announce caps and wait for the notice."""

    def act(supply, borrow):
        pool.announce(pool.set_caps.encode_input(supply, borrow), sender=risk_admin)
        chain.mine(deltatime=3 * DAY)

    return act


@pytest.mark.parametrize("caps", [(SUPPLY, BORROW), (SUPPLY - 1, BORROW), (SUPPLY, 0), (0, 0)])
def test_lowers_at_once(pool, risk_admin, caps):
    receipt = pool.set_caps(*caps, sender=risk_admin)

    log = event(receipt, pool.CapsChanged)
    assert (log.supply_cap, log.borrow_cap) == caps
    assert (pool.supply_cap(), pool.borrow_cap()) == caps


@pytest.mark.parametrize(
    "caps", [(SUPPLY + 1, BORROW), (SUPPLY, BORROW + 1), (0, BORROW + 1), (MAX_CAP, MAX_CAP)]
)
def test_raises_after_notice(pool, risk_admin, announced, caps):
    announced(*caps)

    pool.set_caps(*caps, sender=risk_admin)

    assert (pool.supply_cap(), pool.borrow_cap()) == caps


def test_replaces_every_bit(pool, risk_admin, announced):
    announced(MAX_CAP, MAX_CAP)
    pool.set_caps(MAX_CAP, MAX_CAP, sender=risk_admin)

    pool.set_caps(0, 0, sender=risk_admin)

    assert (pool.supply_cap(), pool.borrow_cap()) == (0, 0)


@pytest.mark.parametrize("caps", [(SUPPLY + 1, BORROW), (SUPPLY, BORROW + 1), (0, BORROW + 1)])
def test_reverts_without_notice(pool, risk_admin, caps):
    with ape.reverts("notice: not announced"):
        pool.set_caps(*caps, sender=risk_admin)


def test_reverts_for_other_caps_than_announced(pool, risk_admin, announced):
    announced(SUPPLY + 1, BORROW)

    with ape.reverts("notice: not announced"):
        pool.set_caps(SUPPLY + 2, BORROW, sender=risk_admin)


def test_an_announcement_is_good_once(pool, risk_admin, announced):
    announced(SUPPLY + 1, BORROW)
    pool.set_caps(SUPPLY + 1, BORROW, sender=risk_admin)
    pool.set_caps(SUPPLY, BORROW, sender=risk_admin)

    with ape.reverts("notice: not announced"):
        pool.set_caps(SUPPLY + 1, BORROW, sender=risk_admin)


def test_lowering_uses_up_no_announcement(pool, risk_admin, announced):
    announced(SUPPLY, BORROW)
    pool.set_caps(SUPPLY, BORROW, sender=risk_admin)
    pool.set_caps(0, 0, sender=risk_admin)

    pool.set_caps(SUPPLY, BORROW, sender=risk_admin)

    assert pool.supply_cap() == SUPPLY


def test_touches_nothing_that_exists(pool, lent, vault, lender, risk_admin):
    pool.borrow(10_000 * USDC, vault, 0, sender=vault)

    pool.set_caps(0, 0, sender=risk_admin)

    assert pool.total_debt() == 10_000 * USDC
    assert pool.maxWithdraw(lender) == 990_000 * USDC


def test_reverts_for_anyone_but_the_risk_admin(pool, house, guardian, outsider):
    for other in (house, guardian, outsider):
        with ape.reverts("pool: not the risk admin"):
            pool.set_caps(0, 0, sender=other)


@pytest.mark.parametrize("caps", [(MAX_CAP + 1, 0), (0, MAX_CAP + 1), (MAX, MAX)])
def test_reverts_above_120_bits(pool, risk_admin, announced, caps):
    announced(*caps)

    with ape.reverts("pool: cap above 120 bits"):
        pool.set_caps(*caps, sender=risk_admin)
