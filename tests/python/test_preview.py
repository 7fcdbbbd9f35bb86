"""What is previewed is what happens, to the last unit."""

from contextlib import nullcontext
from dataclasses import replace

import ape
import pytest

from ringfence import preview
from ringfence.model.fixed_point import RAY
from tests import steps
from tests.steps import DAY, MAX, USDC, WAD, WBTC, WETH, ZERO

SYMBOLS = ["USDC", "WETH", "WBTC", "DAI"]


def margin_on_chain(engine, vault, state):
    return tuple(engine.margin_of(vault, block_id=state.block))


def as_tuple(margin):
    return tuple(vars(margin).values())


def withdraw(vault, token, amount, owner, state):
    """Try a withdrawal in the very block of the snapshot."""
    vault.withdraw.call(token, amount, owner, sender=owner, block_id=state.block)


def borrow(vault, assets, receiver, owner, state):
    vault.borrow.call(assets, receiver, sender=owner, block_id=state.block)


@pytest.fixture
def aged(levered, wait):
    """A debt that has grown to an odd number."""
    wait(40 * DAY + 13)
    return levered


# -- Margin ----------------------------------------------------------------------------------------


def test_margin_without_debt_is_the_engine_s(engine, vault, rich):
    state = rich.snapshot()

    assert as_tuple(preview.margin_of(state)) == margin_on_chain(engine, vault, state)


def test_margin_with_debt_is_the_engine_s(engine, vault, aged):
    state = aged.snapshot()

    assert as_tuple(preview.margin_of(state)) == margin_on_chain(engine, vault, state)


def test_margin_with_a_dead_price_is_the_engine_s(engine, vault, aged, chain, market, feed_keeper):
    chain.mine(deltatime=2 * DAY)
    steps.price(market, "WBTC", 7_935, feed_keeper)
    state = aged.snapshot()

    assert as_tuple(preview.margin_of(state)) == margin_on_chain(engine, vault, state)
    assert preview.margin_of(state).dead_token == market.tokens["WETH"].address


def test_margin_of_an_empty_vault_is_the_engine_s(engine, vault, handle):
    state = handle.snapshot()

    assert as_tuple(preview.margin_of(state)) == margin_on_chain(engine, vault, state)


# -- The largest amount ----------------------------------------------------------------------------


def test_largest_withdrawal_passes_and_one_more_does_not(market, vault, owner, aged):
    vault.borrow(8_000 * USDC, owner, sender=owner)
    state = aged.snapshot()
    reasons = set()

    for symbol in SYMBOLS:
        token, most = market.tokens[symbol], preview.largest_withdrawal(state, symbol)
        withdraw(vault, token, most, owner, state)
        reason = preview.refusal_of_withdrawal(state, symbol, most + 1)
        with ape.reverts(reason):
            withdraw(vault, token, most + 1, owner, state)
        reasons.add(reason)

    assert reasons == {"vault: not enough margin", "vault: balance too low"}


@pytest.mark.parametrize("to_vault", [False, True])
def test_largest_borrowing_passes_and_one_more_does_not(vault, owner, aged, to_vault):
    state = aged.snapshot()
    receiver = vault if to_vault else owner

    most = preview.largest_borrowing(state, to_vault)

    borrow(vault, most, receiver, owner, state)
    assert preview.refusal_of_borrowing(state, most + 1, to_vault) == "vault: not enough margin"
    with ape.reverts("vault: not enough margin"):
        borrow(vault, most + 1, receiver, owner, state)


def test_largest_borrowing_stops_at_the_cash(market, vault, owner, lender, rich):
    market.pool.withdraw(995_000 * USDC, lender, lender, sender=lender)
    state = rich.snapshot()

    most = preview.largest_borrowing(state)

    assert most == 5_000 * USDC
    borrow(vault, most, owner, owner, state)
    with ape.reverts("pool: insufficient cash"):
        borrow(vault, most + 1, owner, owner, state)


def test_largest_borrowing_stops_at_the_borrow_cap(market, vault, owner, risk_admin, rich):
    market.pool.set_caps(2_000_000 * USDC, 3_000 * USDC, sender=risk_admin)
    state = rich.snapshot()

    most = preview.largest_borrowing(state)

    borrow(vault, most, owner, owner, state)
    with ape.reverts("pool: borrow cap reached"):
        borrow(vault, most + 1, owner, owner, state)


def test_largest_borrowing_stops_at_the_largest_debt(market, vault, owner, risk_admin, rich):
    market.pool.set_debt_limits(1_000 * USDC, 4_000 * USDC, sender=risk_admin)
    state = rich.snapshot()

    most = preview.largest_borrowing(state)

    assert most == 4_000 * USDC
    borrow(vault, most, owner, owner, state)
    with ape.reverts("pool: debt above the largest"):
        borrow(vault, most + 1, owner, owner, state)


def test_nothing_can_be_borrowed_if_only_less_than_the_smallest_debt(
    vault, owner, lent, handle, dai
):
    steps.put(vault, dai, 900 * 10**18, owner)
    state = handle.snapshot()

    assert preview.largest_borrowing(state) == 0
    with ape.reverts("pool: debt below the smallest"):
        borrow(vault, 700 * USDC, owner, owner, state)


def test_a_dead_token_can_be_withdrawn_whole_or_not_at_all(
    vault, owner, wbtc, levered, chain, market, feed_keeper
):
    chain.mine(deltatime=2 * DAY)
    for symbol, dollars in [("WETH", 350), ("DAI", 1)]:
        steps.price(market, symbol, dollars, feed_keeper)
    state = levered.snapshot()

    assert preview.largest_withdrawal(state, "WBTC") == wbtc.balanceOf(vault)
    withdraw(vault, wbtc, wbtc.balanceOf(vault), owner, state)
    assert preview.refusal_of_withdrawal(state, "WBTC", 1) == "engine: dead price"
    with ape.reverts("engine: dead price"):
        withdraw(vault, wbtc, 1, owner, state)


def test_what_passes_with_interest_passes_until_then(vault, owner, aged, chain):
    state = aged.snapshot().grown(600)
    most = preview.largest_borrowing(state)

    chain.pending_timestamp = state.now + 599
    vault.borrow(most, owner, sender=owner)

    assert aged.snapshot().debt <= state.debt + most + 1


# -- Refusals --------------------------------------------------------------------------------------


def test_hold_is_foreseen(vault, owner, officer, weth, levered, chain):
    until = chain.pending_timestamp + DAY
    vault.place_hold(b"\1" * 32, until, sender=officer)
    state = levered.snapshot()

    assert preview.refusal_of_withdrawal(state, "WETH", 1) == "vault: on hold"
    assert preview.refusal_of_borrowing(state, 1) == "vault: on hold"
    assert preview.largest_withdrawal(state, "WETH") == 0
    with ape.reverts("vault: on hold"):
        withdraw(vault, weth, 1, owner, state)


@pytest.mark.parametrize(("level", "reason"), [(1, None), (2, "vault: paused")])
def test_pause_is_foreseen(market, guardian, levered, level, reason):
    market.pool.pause(level, DAY, sender=guardian)
    state = levered.snapshot()

    assert preview.refusal_of_withdrawal(state, "WETH", 1) == reason
    assert preview.refusal_of_borrowing(state, 1) == "pool: paused"


@pytest.mark.parametrize("amount", [0, 10**30])
def test_impossible_withdrawals_are_foreseen(vault, owner, weth, rich, amount):
    state = rich.snapshot()

    with ape.reverts(preview.refusal_of_withdrawal(state, "WETH", amount)):
        withdraw(vault, weth, amount, owner, state)


def test_impossible_repayments_are_foreseen(vault, owner, usdc, rich):
    state = rich.snapshot()

    with ape.reverts(preview.refusal_of_repayment(state, 1)):
        vault.repay.call(1, sender=owner, block_id=state.block)


def test_repayment_of_a_small_debt_is_in_full(vault, owner, rich):
    vault.borrow(1_000 * USDC, owner, sender=owner)
    state = rich.snapshot()

    assert preview.refusal_of_repayment(state, 500 * USDC) == "vault: repay more"
    with ape.reverts("vault: repay more"):
        vault.repay.call(500 * USDC, sender=owner, block_id=state.block)


def test_repayment_passes_whenever_it_is_mined(rich, vault, owner):
    vault.borrow(2_000 * USDC, owner, sender=owner)
    now = rich.snapshot()
    later = now.grown(600)

    def planned(assets, purse=MAX):
        found = preview.repayment_of(now, later, assets, purse)
        return found.paid, found.is_whole, found.is_cut

    assert planned(500 * USDC) == (500 * USDC, False, False)
    assert planned(1_500 * USDC) == (now.debt - 1_000 * USDC, False, True)
    assert planned(now.debt) == (now.debt, True, False)
    assert planned(now.debt, purse=now.debt) == (now.debt - 1_000 * USDC, False, True)


def test_smallest_debt_is_repaid_whole_or_not_at_all(rich, vault, owner):
    vault.borrow(1_000 * USDC, owner, sender=owner)
    now = rich.snapshot()
    now = replace(now, pool=replace(now.pool, min_debt=now.debt))  # later there is a part to repay

    assert preview.repayment_of(now, now.grown(600), USDC, MAX).paid == 0
    assert preview.least_repayment(now, now.grown(600)) is None


def test_least_repayment_burns_debt_and_less_does_not(vault, owner, aged):
    state = aged.snapshot()

    least = preview.least_repayment(state, state)

    assert preview.refusal_of_repayment(state, least) is None
    assert preview.refusal_of_repayment(state, least - 1) == "vault: repay more"


@pytest.mark.parametrize("case", ["dead price", "delisted", "sixteen", "enabled"])
def test_refused_enabling_is_foreseen(rich, case):
    state = rich.snapshot()
    held = replace(state.holding("DAI"), is_enabled=case == "enabled")
    if case == "dead price":
        held = replace(held, is_live=False)
    if case == "delisted":
        held = replace(held, is_listed=False)
    state = state.with_holding(held)
    if case == "sixteen":
        more = [replace(held, token=str(at), is_enabled=True) for at in range(13)]
        state = replace(state, holdings=(*state.holdings, *more))

    assert preview.refusal_of_enabling(state, "DAI") == {
        "dead price": "vault: dead price",
        "delisted": "engine: token delisted",
        "sixteen": "vault: 16 tokens enabled",
        "enabled": None,
    }.get(case)


@pytest.mark.parametrize("may_be_vault", [False, True])
def test_refused_receivers_are_foreseen(vault, owner, weth, levered, may_be_vault):
    state = levered.snapshot()
    method, terms = (vault.borrow, (USDC,)) if may_be_vault else (vault.withdraw, (weth, 1))

    for receiver in (ZERO, vault.address, owner.address):
        reason = preview.refusal_of_receiver(state, receiver, may_be_vault)
        with nullcontext() if reason is None else ape.reverts(reason):
            method.call(*terms, receiver, sender=owner, block_id=state.block)


@pytest.mark.parametrize(("level", "reason"), [(1, None), (2, "vault: paused")])
def test_pause_of_stray_tokens_is_foreseen(market, guardian, levered, level, reason):
    market.pool.pause(level, DAY, sender=guardian)

    assert preview.refusal_of_stray_withdrawal(levered.snapshot()) == reason


def test_refused_disabling_is_foreseen(vault, owner, weth, dai, levered):
    state = levered.snapshot()

    assert preview.refusal_of_disabling(state, "DAI") is None
    vault.disable_collateral.call(dai, sender=owner, block_id=state.block)
    reason = preview.refusal_of_disabling(state, "WETH")
    assert reason == "vault: not enough margin"
    with ape.reverts(reason):
        vault.disable_collateral.call(weth, sender=owner, block_id=state.block)


# -- States afterwards -----------------------------------------------------------------------------


def at_index_of(state, pool, receipt):
    """The state before, in the block of the transaction."""
    index = pool.debt_index(block_id=receipt.block_number)
    return replace(state, pool=replace(state.pool, index=index))


def same(expected, found):
    assert found.scaled_debt == expected.scaled_debt
    assert found.pool.scaled_debt == expected.pool.scaled_debt
    assert found.pool.cash == expected.pool.cash
    assert [(it.balance, it.is_enabled) for it in found.holdings] == [
        (it.balance, it.is_enabled) for it in expected.holdings
    ]


def test_deposit_is_foreseen(vault, owner, handle, weth):
    state = handle.snapshot()

    steps.put(vault, weth, 3 * WETH, owner)

    same(preview.after_deposit(state, "WETH", 3 * WETH, by_owner=True), handle.snapshot())


def test_deposit_by_somebody_else_enables_nothing(vault, outsider, handle, weth):
    state = handle.snapshot()

    steps.put(vault, weth, 3 * WETH, outsider)

    same(preview.after_deposit(state, "WETH", 3 * WETH, by_owner=False), handle.snapshot())


def test_deposit_by_the_owner_enables_what_somebody_else_deposited(
    vault, owner, outsider, handle, weth
):
    steps.put(vault, weth, WETH, outsider)
    state = handle.snapshot()

    steps.put(vault, weth, WETH, owner)

    same(preview.after_deposit(state, "WETH", WETH, by_owner=True), handle.snapshot())


@pytest.mark.parametrize("to_vault", [False, True])
def test_borrowing_is_foreseen(pool, vault, owner, aged, to_vault):
    state = aged.snapshot()

    receipt = vault.borrow(1_111 * USDC, vault if to_vault else owner, sender=owner)

    state = at_index_of(state, pool, receipt)
    same(preview.after_borrowing(state, 1_111 * USDC, to_vault), aged.snapshot())


@pytest.mark.parametrize("amount", [3 * WBTC // 2, 2 * WBTC + 3])
def test_withdrawal_is_foreseen(vault, owner, wbtc, rich, amount):
    state = rich.snapshot()

    vault.withdraw(wbtc, amount, owner, sender=owner)

    same(preview.after_withdrawal(state, "WBTC", amount), rich.snapshot())


@pytest.mark.parametrize("amount", [5 * USDC, 19_500 * USDC, MAX])
def test_repayment_is_foreseen(pool, vault, owner, usdc, aged, amount):
    steps.give(usdc, owner, 30_000 * USDC, vault)
    state = aged.snapshot()

    receipt = vault.repay(amount, sender=owner)

    state = at_index_of(state, pool, receipt)
    same(preview.after_repayment(state, amount), aged.snapshot())


def test_repayment_from_the_vault_is_foreseen(pool, vault, owner, aged):
    state = aged.snapshot()

    receipt = vault.repay_from_vault(500 * USDC + 1, sender=owner)

    state = at_index_of(state, pool, receipt)
    same(preview.after_repayment(state, 500 * USDC + 1, from_vault=True), aged.snapshot())


def test_grown_debt_is_never_less_than_it_will_be(chain, pool, aged):
    state = aged.snapshot()

    chain.mine(deltatime=3 * DAY)
    seconds = chain.blocks.head.timestamp - state.now

    index = pool.debt_index()
    assert index <= state.grown(seconds).pool.index <= index + RAY // 10**8


# -- Liquidation price -----------------------------------------------------------------------------


@pytest.mark.parametrize("symbol", ["WETH", "WBTC"])
def test_liquidation_price_is_where_the_engine_begins(
    market, engine, vault, owner, levered, feed_keeper, symbol
):
    vault.borrow(8_500 * USDC, owner, sender=owner)
    feed = market.feeds[symbol]
    price = preview.liquidation_price(levered.snapshot().grown(60), symbol)
    feed.set_answer(price // 10**10 + 1, sender=feed_keeper)  # 8 decimals
    healthy = engine.margin_of(vault).health
    price = preview.liquidation_price(levered.snapshot(), symbol)
    feed.set_answer(price // 10**10, sender=feed_keeper)
    unhealthy = engine.margin_of(vault).health

    assert healthy >= WAD > unhealthy


def test_liquidation_price_is_exact_in_the_model(levered, vault, owner):
    vault.borrow(8_500 * USDC, owner, sender=owner)
    state = levered.snapshot()
    price = preview.liquidation_price(state, "WETH")
    held = state.holding("WETH")

    at = preview.margin_of(state.with_holding(replace(held, price=price)))
    above = preview.margin_of(state.with_holding(replace(held, price=price + 1)))

    assert at.health < WAD <= above.health


def test_no_price_decides_alone_without_need(rich, levered):
    state = levered.snapshot()

    assert preview.liquidation_price(state, "DAI") is None  # the others carry the debt
    assert preview.liquidation_price(state, "USDC") is None  # worth one by definition
