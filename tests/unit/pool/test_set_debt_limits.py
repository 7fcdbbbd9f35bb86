"""`set_debt_limits`: the largest debt goes down at once, all else after notice."""

import ape
import pytest

from tests.steps import DAY, MAX, USDC, event

SMALLEST, LARGEST = 1_000 * USDC, 5_000_000 * USDC
MAX_CAP = 2**120 - 1


@pytest.fixture
def announced(chain, pool, risk_admin):
    """Announce limits and wait for the notice."""

    def act(smallest, largest):
        pool.announce(pool.set_debt_limits.encode_input(smallest, largest), sender=risk_admin)
        chain.mine(deltatime=3 * DAY)

    return act


@pytest.mark.parametrize(
    "limits", [(SMALLEST, LARGEST), (SMALLEST, LARGEST - 1), (SMALLEST, SMALLEST)]
)
def test_lowers_the_largest_at_once(pool, risk_admin, limits):
    receipt = pool.set_debt_limits(*limits, sender=risk_admin)

    log = event(receipt, pool.DebtLimitsChanged)
    assert (log.min_debt, log.max_debt) == limits
    assert (pool.min_debt(), pool.max_debt()) == limits


@pytest.mark.parametrize(
    "limits",
    [
        (SMALLEST + 1, LARGEST),
        (SMALLEST - 1, LARGEST),
        (SMALLEST, LARGEST + 1),
        (1, MAX_CAP),
        (MAX_CAP, MAX_CAP),
    ],
)
def test_changes_the_rest_after_notice(pool, risk_admin, announced, limits):
    announced(*limits)

    pool.set_debt_limits(*limits, sender=risk_admin)

    assert (pool.min_debt(), pool.max_debt()) == limits


@pytest.mark.parametrize(
    "limits",
    [(SMALLEST + 1, LARGEST), (SMALLEST - 1, LARGEST), (SMALLEST, LARGEST + 1), (1, LARGEST + 1)],
)
def test_reverts_without_notice(pool, risk_admin, limits):
    with ape.reverts("notice: not announced"):
        pool.set_debt_limits(*limits, sender=risk_admin)


def test_an_announcement_of_caps_is_not_one_of_limits(chain, pool, risk_admin):
    pool.announce(pool.set_caps.encode_input(SMALLEST + 1, LARGEST), sender=risk_admin)
    chain.mine(deltatime=3 * DAY)

    with ape.reverts("notice: not announced"):
        pool.set_debt_limits(SMALLEST + 1, LARGEST, sender=risk_admin)


def test_touches_no_debt_that_exists(pool, lent, vault, risk_admin):
    pool.borrow(10_000 * USDC, vault, 0, sender=vault)

    pool.set_debt_limits(SMALLEST, SMALLEST, sender=risk_admin)

    assert pool.total_debt() == 10_000 * USDC


def test_reverts_for_anyone_but_the_risk_admin(pool, house, guardian, outsider):
    for other in (house, guardian, outsider):
        with ape.reverts("pool: not the risk admin"):
            pool.set_debt_limits(1, 1, sender=other)


@pytest.mark.parametrize("limits", [(0, LARGEST), (0, 0), (SMALLEST, SMALLEST - 1)])
def test_reverts_out_of_order(pool, risk_admin, announced, limits):
    announced(*limits)

    with ape.reverts("pool: debt limits out of order"):
        pool.set_debt_limits(*limits, sender=risk_admin)


@pytest.mark.parametrize("limits", [(1, MAX_CAP + 1), (MAX_CAP + 1, MAX_CAP + 1), (1, MAX)])
def test_reverts_above_120_bits(pool, risk_admin, announced, limits):
    announced(*limits)

    with ape.reverts("pool: cap above 120 bits"):
        pool.set_debt_limits(*limits, sender=risk_admin)
