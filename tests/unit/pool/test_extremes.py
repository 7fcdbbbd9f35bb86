"""Interest, index and shares at the ends of their ranges: they stop there, and nothing reverts."""

import ape
import pytest

from ringfence.model.interest import MAX_RATE
from tests.steps import DAY, RAY, USDC, WAD, YEAR, ZERO, event, events
from tests.unit.pool.bare import deploy_fund, deploy_pool, shares_moved
from tests.unit.pool.twin import make_twin

DEBT = 10_000 * USDC
MAX_CAP = 2**120 - 1
VAST = {
    "supply_cap": MAX_CAP,
    "borrow_cap": MAX_CAP,
    "min_debt": 1,
    "max_debt": MAX_CAP,
    "loss_stop": WAD,
    "insurance_share": WAD * 3 // 10,
    "treasury_share": WAD * 2 // 10,
}
VIEWS = (("debt_index",), ("totalAssets",), ("totalSupply",))


@pytest.fixture
def vast(project, deployer, asset, rates, registry, treasury, actor, outsider):
    """A pool without caps, half of whose interest is the reserves', and a lender with 2**101."""
    pool = deploy_pool(project, deployer, asset, rates, registry, treasury, **VAST)
    deploy_fund(project, deployer, pool)
    return make_twin(pool, asset, rates, registry, actor, outsider, wealth=2**101, **VAST)


def wait(twin, seconds):
    """Let interest accrue, and the model agree."""
    ape.chain.mine(deltatime=seconds)
    return twin.run(("accrue",), *VIEWS)[1:]


# -- Interest --------------------------------------------------------------------------------------


def test_interest_of_one_accrual_has_120_bits(vast):
    vast.run(("deposit", 2**100, vast.actor), ("borrow", 2**100, vast.actor, 0))
    vast.set_rate(MAX_RATE)
    ape.chain.mine(deltatime=100 * YEAR)

    receipt = vast.pool.accrue(sender=vast.sender)

    # the debt is 167 million times what it was, and what is above goes to the lenders
    assert event(receipt, vast.pool.InterestAccrued).interest == 2**120 - 1
    vast.model.chain.now = receipt.timestamp
    vast.model.accrue()
    vast.set_rate(0)
    vast.run(*VIEWS)


def test_the_index_has_128_bits(vast):
    vast.set_rate(MAX_RATE)
    for days in (365, 365, 365, 365, 262):
        index, *_ = wait(vast, days * DAY)

    assert 2**127 < index < 2**128
    assert vast.ask("debt_index") >= index


def test_the_second_accrual_counts_the_shares_owed(twin):
    twin.set_rate(MAX_RATE)

    first = wait(twin, YEAR)
    second = wait(twin, YEAR)

    assert first[-1] < second[-1]


# -- Shares ----------------------------------------------------------------------------------------


@pytest.fixture
def crowded(vast):
    """A pool that lost everything once, so that a share is worth nothing; then lent 100 units."""
    vast.run(
        ("deposit", 2**100, vast.actor),
        ("borrow", 2**100, vast.actor, 0),
        ("settle", 0, 0, 2**100, 2**100),
        ("deposit", 100, vast.actor),
        ("borrow", 100, vast.actor, 0),
        ("totalSupply",),
    )
    return vast


def test_shares_owed_stop_where_the_supply_does(crowded):
    crowded.set_rate(MAX_RATE)
    supplies = [wait(crowded, 120 * DAY)[-1] for _ in range(6)]

    assert supplies[0] < 2**128 - 1 == supplies[-1]
    crowded.run(("collect",), *VIEWS)


def test_insurance_buys_no_more_shares_than_there_is_room_for(crowded):
    crowded.set_rate(MAX_RATE)
    for _ in range(6):
        wait(crowded, 120 * DAY)
    crowded.set_rate(0)
    scaled = crowded.model.total_scaled_debt()
    debt = crowded.ask("debt_of", scaled)

    crowded.run(
        ("asset.transfer", crowded.pool, debt),
        ("settle", debt // 2, debt // 4, scaled, 0),
        *VIEWS,
        ("balanceOf", crowded.model.insurance_fund),
    )


@pytest.fixture
def dear(empty_twin):
    """A pool whose share is worth ten units, after three years at the highest rate; of the fund's
    shares some are issued and some only owed.
    """
    twin = empty_twin
    twin.set_rate(MAX_RATE)
    twin.run(("deposit", DEBT, twin.actor), ("borrow", DEBT, twin.actor, 0))
    for _ in range(3):
        wait(twin, YEAR)
    twin.run(("collect",))
    wait(twin, DAY)
    twin.set_rate(0)
    assert twin.ask("convertToAssets", 1) > 1
    return twin


def lose(twin, bad_debt):
    """Let all of the debt but this be repaid, and write that off."""
    scaled = twin.model.total_scaled_debt()
    debt = twin.ask("debt_of", scaled)
    twin.run(("asset.transfer", twin.pool, debt - bad_debt))
    settlement = (debt - bad_debt, 0, scaled, bad_debt)

    settle = twin.pool.settle.encode_input(*settlement)
    receipt = twin.actor.run([(twin.pool, settle)], sender=twin.sender)

    twin.model.chain.now = receipt.timestamp
    twin.model.settle(*settlement, sender=twin.actor.address)
    twin.run(*VIEWS, ("balanceOf", twin.model.insurance_fund))
    return receipt


def test_a_loss_may_burn_a_single_share(dear):
    receipt = lose(dear, 1)

    assert event(receipt, dear.pool.DebtWrittenOff).burned_shares == 1


def test_issues_what_is_owed_only_if_the_issued_shares_do_not_suffice(dear):
    issued = dear.model.issued[dear.model.insurance_fund]
    all_issued = dear.ask("convertToAssets", issued)

    receipt = lose(dear, all_issued)

    assert event(receipt, dear.pool.DebtWrittenOff).burned_shares == issued
    assert not events(receipt, dear.pool.ReservesCollected)


def test_issues_what_is_owed_for_one_share_more(dear):
    issued = dear.model.issued[dear.model.insurance_fund]
    all_issued = dear.ask("convertToAssets", issued)

    receipt = lose(dear, all_issued + 1)

    assert event(receipt, dear.pool.DebtWrittenOff).burned_shares == issued + 1
    assert events(receipt, dear.pool.ReservesCollected)


def test_a_reserve_may_be_issued_a_single_share(dear, fund, treasury):
    # 15 % of a year's interest buys 2.5 shares, two thirds of which are the fund's
    interest, total, _ = dear.run(("convertToAssets", 17), ("totalAssets",), ("collect",))
    dear.set_rate(interest * RAY // total // YEAR)
    wait(dear, YEAR)

    receipt = dear.pool.collect(sender=dear.sender)

    assert shares_moved(receipt, dear.pool) == [(ZERO, fund, 1), (ZERO, treasury, 1)]
