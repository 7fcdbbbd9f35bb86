"""`accrue`: interest since the last accrual, and what a rate model may do to it."""

from contextlib import suppress

import ape
import pytest
from ape.exceptions import TransactionError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringfence.model.interest import MAX_RATE, compound
from tests.steps import DAY, MAX, RAY, USDC, WAD, YEAR, event, events, give
from tests.unit.pool.bare import charge, deploy_pool

DEBT = 1_000_000 * USDC
VIEWS = [
    ("debt_index",),
    ("cash",),
    ("total_debt",),
    ("total_scaled_debt",),
    ("borrow_rate",),
    ("totalAssets",),
    ("totalSupply",),
    ("debt_of", 12_345),
    ("convertToAssets", 10**18),
    ("convertToShares", 10**12),
]


def split(calls, size=7):
    return [calls[i : i + size] for i in range(0, len(calls), size)]


# -- Index -----------------------------------------------------------------------------------------


def test_grows_the_index_by_the_rate(twin):
    twin.set_rate(RAY // YEAR)
    since = twin.model._books.accrued_at
    ape.chain.mine(deltatime=YEAR)

    _, index, debt = twin.run(("accrue",), ("debt_index",), ("total_debt",))

    assert index == compound(RAY, RAY // YEAR, twin.model.now - since)
    assert debt == DEBT * index // RAY


def test_logs_index_rate_and_interest(twin, outsider):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    receipt = twin.pool.accrue(sender=outsider)

    log = event(receipt, twin.pool.InterestAccrued)
    twin.model.chain.now = receipt.timestamp
    books = twin.model.books()
    assert (log.index, log.rate, log.interest) == (books.index, RAY // YEAR, books.interest)


def test_anyone_may(chain, pool, lent, outsider):
    chain.mine(deltatime=10)

    receipt = pool.accrue(sender=outsider)

    log = event(receipt, pool.InterestAccrued)
    assert (log.index, log.rate, log.interest) == (RAY, 0, 0)


@pytest.mark.parametrize("views", split(VIEWS, 3))
def test_views_answer_as_after_it(twin, views):
    twin.set_rate(3 * RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    answers = twin.run(*views, ("accrue",), *views)

    assert answers[: len(views)] == answers[len(views) + 1 :]


def test_a_second_call_in_a_block_changes_nothing(twin, outsider):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)
    accrue = (twin.pool, twin.pool.accrue.encode_input())

    receipt = twin.actor.run([accrue, accrue], sender=outsider)

    assert len(events(receipt, twin.pool.InterestAccrued)) == 1


def test_changes_no_cash_and_no_scaled_debt(twin):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    _, cash, scaled = twin.run(("accrue",), ("cash",), ("total_scaled_debt",))

    assert (cash, scaled) == (DEBT, DEBT)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.tuples(st.integers(0, MAX_RATE), st.integers(1, YEAR)), min_size=1, max_size=4
    )
)
def test_index_never_falls_and_equals_the_model(twin, steps):
    _, before = twin.run(("accrue",), ("debt_index",))
    for rate, elapsed in steps:
        twin.set_rate(rate)
        ape.chain.mine(deltatime=elapsed)

        _, index, *_ = twin.run(("accrue",), ("debt_index",), ("totalAssets",), ("totalSupply",))

        assert index >= before
        before = index


def test_steps_add_up_to_one_leap(twin):
    # a chain of small steps is nearly the exponential, a leap its third-order series: at 5 % a
    # year they differ by less than x**4 / 24 = 10**-9 in 90 days; each step is rounded down by one
    twin.set_rate(5 * RAY // 100 // YEAR)
    twin.run(("accrue",))
    before, start = twin.model.debt_index(), twin.model.now

    for _ in range(9):
        ape.chain.mine(deltatime=10 * DAY)
        _, index = twin.run(("accrue",), ("debt_index",))

    leap = compound(before, 5 * RAY // 100 // YEAR, twin.model.now - start)
    assert leap - 9 <= index <= leap + RAY // 10**9


# -- Reserves --------------------------------------------------------------------------------------


def test_sets_aside_the_reserves_part_of_interest(twin):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=YEAR)

    insurance, treasury, interest = twin.run(
        ("balanceOf", twin.model.insurance_fund),
        ("balanceOf", twin.model.treasury),
        ("total_debt",),
    )
    insurance = twin.model.convertToAssets(insurance)
    treasury = twin.model.convertToAssets(treasury)
    interest -= DEBT

    # at the price after the interest, so the parts are what they are called, rounded down
    assert interest // 10 - 1 <= insurance <= interest // 10
    assert interest // 20 - 1 <= treasury <= interest // 20


# -- Rate models that fail -------------------------------------------------------------------------

REVERTS, BURNS_GAS, ANSWERS_SHORT = 1, 2, 4


@pytest.mark.parametrize("quirk", [REVERTS, BURNS_GAS, ANSWERS_SHORT])
def test_a_model_that_fails_leaves_the_last_rate(twin, outsider, quirk):
    twin.set_rate(2 * RAY // YEAR)
    ape.chain.mine(deltatime=10)
    twin.run(("accrue",))
    twin.rates.set_rate(5 * RAY // YEAR, sender=outsider)
    twin.rates.set_quirks(quirk, sender=outsider)
    twin.model.rate_model.rate = None
    ape.chain.mine(deltatime=YEAR)

    _, index, rate = twin.run(("accrue",), ("debt_index",), ("borrow_rate",))

    assert index > RAY
    assert rate == 2 * RAY // YEAR


def test_a_model_that_fails_from_the_start_charges_nothing(twin, outsider):
    twin.rates.set_quirks(REVERTS, sender=outsider)
    twin.model.rate_model.rate = None
    ape.chain.mine(deltatime=YEAR)

    _, index = twin.run(("accrue",), ("debt_index",))

    assert index == RAY


def test_a_model_without_code_charges_nothing(
    project, deployer, asset, registry, treasury, outsider
):
    pool = deploy_pool(project, deployer, asset, outsider, registry, treasury)
    ape.chain.mine(deltatime=10)

    receipt = pool.accrue(sender=outsider)

    assert event(receipt, pool.InterestAccrued).rate == 0


def test_a_model_that_works_again_is_believed_again(twin, outsider):
    twin.rates.set_quirks(REVERTS, sender=outsider)
    twin.pool.accrue(sender=outsider)
    twin.rates.set_quirks(0, sender=outsider)

    twin.set_rate(RAY // YEAR)

    assert twin.ask("borrow_rate") == RAY // YEAR


def test_the_model_is_told_cash_and_debt(project, deployer, asset, registry, treasury, vault):
    curve = (8 * WAD // 10, 0, 4 * RAY // 100 // YEAR, 75 * RAY // 100 // YEAR)
    rates = deployer.deploy(project.KinkedRateModel, *curve)
    pool = deploy_pool(project, deployer, asset, rates, registry, treasury)
    give(asset, vault, 10_000 * USDC, pool)
    pool.deposit(10_000 * USDC, vault, sender=vault)

    pool.borrow(3_000 * USDC, vault, 0, sender=vault)

    assert pool.borrow_rate() == rates.borrow_rate(7_000 * USDC, 3_000 * USDC)


@pytest.mark.parametrize("rate", [MAX_RATE + 1, 2**80, 2**128, MAX])
def test_the_rate_is_capped(twin, rate):
    twin.set_rate(rate)

    assert twin.ask("borrow_rate") == MAX_RATE == 10 * RAY // YEAR


def test_starving_the_rate_model_starves_the_call(twin, outsider):
    twin.set_rate(RAY // YEAR)
    ape.chain.mine(deltatime=10)

    # the first limit that is enough for the pool is enough for the model
    for gas in range(30_000, 100_000, 500):
        with suppress(TransactionError):
            receipt = twin.pool.accrue(sender=outsider, gas_limit=gas)
            break

    assert event(receipt, twin.pool.InterestAccrued).rate == RAY // YEAR


# -- Long silence ----------------------------------------------------------------------------------


def test_survives_a_century_without_accrual(twin):
    twin.set_rate(MAX_RATE)
    ape.chain.mine(deltatime=100 * YEAR)

    _, index = twin.run(("accrue",), ("debt_index",))

    # x = 1000: 1 + 1000 + 500,000 + 166,666,667, less what the rate lost by rounding
    assert 167_167_000 * RAY < index < 167_169_000 * RAY


def test_an_index_that_would_overflow_stays(twin):
    twin.set_rate(MAX_RATE)
    for _ in range(7):
        ape.chain.mine(deltatime=YEAR)
        twin.run(("accrue",))

    ape.chain.mine(deltatime=YEAR)
    before, _, after = twin.run(("debt_index",), ("accrue",), ("debt_index",))

    assert before == after < 2**128
    assert twin.ask("totalAssets") > 0


def test_no_debt_bears_no_interest(pool, rates, lent, outsider, chain):
    charge(pool, rates, MAX_RATE, outsider)
    chain.mine(deltatime=YEAR)

    receipt = pool.accrue(sender=outsider)

    log = event(receipt, pool.InterestAccrued)
    assert log.interest == 0
    assert log.index > RAY
    assert pool.totalAssets() == 1_000_000 * USDC
    assert pool.totalSupply() == WAD
