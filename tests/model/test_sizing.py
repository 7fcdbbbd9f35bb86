"""Whatever a vault holds: while its health is below one, some liquidation succeeds, and each one
takes what it should and no more.
"""

import random
from fractions import Fraction

import pytest

from ringfence.model.fixed_point import WAD
from ringfence.model.health import MAX_VALUE, value_up
from ringfence.model.refusal import Refused
from tests.model.baskets import ASSET, Court
from tests.model.reach import is_out_of_reach

BASKETS = 20_000
PARTS = 4  # each with its own seed


@pytest.fixture(scope="module")
def court():
    return Court()


# -- Checks of one step ----------------------------------------------------------------------------


def check_trade(trade, asset_decimals):
    before, after = trade.before, trade.after
    paid = trade.asset_value(trade.verdict.repaid, asset_decimals)
    price = Fraction(trade.holding.price, 10**trade.holding.decimals)
    bonus = Fraction(WAD + trade.terms.max_bonus, WAD)

    # The value is counted in whole units of 10**-18; that is all the liquidator can gain by it.
    assert trade.verdict.seized * price <= paid * bonus + 1
    assert trade.exhausts or after.debt == 0 or after.debt >= min(trade.smallest, before.debt)
    if trade.is_deep:
        assert trade.verdict.insurance == 0
        return

    # Value and weight are counted in whole units; health falls by no more than these two.
    weighted = after.weighted_value + 2
    assert weighted * before.debt_value >= before.weighted_value * after.debt_value
    if not trade.is_closing:
        check_target(trade, asset_decimals)


def check_target(trade, asset_decimals):
    """Above the target by no more than one unit of each token and of value."""
    after = trade.after
    one_unit = value_up(1, trade.before.debt_price, asset_decimals) * trade.terms.target_health
    one_token = value_up(1, trade.holding.price, trade.holding.decimals) * WAD
    above = after.weighted_value * WAD - after.debt_value * trade.terms.target_health
    assert above <= one_unit + one_token + 4 * WAD


# -- All the way to health or to the end -----------------------------------------------------------


@pytest.mark.parametrize("part", range(PARTS))
def test_a_short_vault_is_never_stuck(court, part):
    source = random.Random(part)

    for _ in range(BASKETS // PARTS):
        basket = court.draw(source)
        listed = basket.tokens
        while basket.debt > 0 and basket.is_short():
            order = source.sample(listed, len(listed))
            token, verdict = basket.first_verdict(order)
            if verdict is None:
                assert is_out_of_reach(basket.case_at_auction(), basket.terms, ASSET)
                break
            if verdict.seized > 0:
                # A token is seized from twice only if the first call had to stop at the smallest
                # debt, and the second takes the rest.
                assert token not in basket.calls or basket.debt <= basket.smallest
                check_trade(basket.trade(token, verdict), court.market.engine.asset_decimals)
            basket.carry_out(token, verdict)
        assert max(basket.calls.values(), default=0) <= 2
        assert sum(basket.calls.values()) <= len(listed) + 1


@pytest.mark.parametrize("part", range(2))
def test_only_a_dead_price_above_dust_stops_the_liquidation_of_a_short_vault(court, part):
    source = random.Random(100 + part)

    for _ in range(1_500):
        basket = court.draw(source, dead_share=0.4)
        while basket.debt > 0 and basket.is_short():
            token, verdict = basket.first_verdict(basket.tokens)
            if verdict is None:
                case = basket.case_at_auction()
                line = min(basket.dust_value, case.debt_value - 1)
                assert is_out_of_reach(case, basket.terms, ASSET, basket.crumb)
                assert basket.highest_value > line
                break
            basket.carry_out(token, verdict)


@pytest.mark.parametrize("part", range(2))
def test_repaying_in_parts_never_lowers_health_nor_leaves_dust(court, part):
    source = random.Random(200 + part)
    reasons = set()
    allowed = {
        "engine: pick another token",
        "engine: repay in full",
        "engine: nothing to seize",
        "engine: token not enabled",
        "engine: token not seizable",
        "engine: nothing to liquidate",
        "pool: repays nothing",
    }

    for _ in range(1_500):
        basket = court.draw(source)
        for _ in range(6):
            if basket.debt == 0 or not basket.is_short():
                break
            token = source.choice(basket.tokens)
            try:
                verdict = basket.judge(token, int(basket.debt * source.random() ** 3))
            except Refused as refusal:
                reasons.add(refusal.reason)
                continue
            if verdict.seized > 0:
                check_trade(basket.trade(token, verdict), court.market.engine.asset_decimals)
            basket.carry_out(token, verdict)

    assert reasons <= allowed


def test_splitting_a_liquidation_never_seizes_more(court):
    """Bonus falls as health rises, so parts buy at most what the whole would have bought."""
    source = random.Random(300)
    compared = 0

    while compared < 400:
        basket = court.draw(source)
        token, whole = basket.first_verdict(source.sample(basket.tokens, len(basket.tokens)))
        if whole is None or whole.seized == 0 or whole.own_repaid > 0:
            continue
        trade = basket.trade(token, whole)
        if trade.is_deep or trade.exhausts or trade.is_closing:
            continue
        parts = source.randint(2, 5)
        seized = repay_in_parts(basket, token, whole.repaid, parts)
        if seized is None:
            continue
        assert seized <= whole.seized + parts + whole.seized // 10**15  # rounding lifts the cap
        compared += 1


def repay_in_parts(basket, token, repaid, parts):
    seized = 0
    for part in range(parts):
        wanted = repaid // parts if part < parts - 1 else repaid - repaid // parts * (parts - 1)
        if not basket.is_short():
            return None
        try:
            verdict = basket.judge(token, wanted)
        except Refused:
            return None
        if verdict.repaid != wanted:
            return None
        basket.carry_out(token, verdict)
        seized += verdict.seized
    return seized


def test_splitting_a_deep_liquidation_changes_the_loss_by_dust_at_most(court):
    """The bonus is constant, so only rounding counts, and what a liquidator may leave behind: a
    loss is realised as soon as the collateral is worth no more than dust.
    """
    source = random.Random(400)
    compared = 0

    while compared < 400:
        basket = court.draw(source)
        if len(basket.tokens) != 1 or basket.tokens == [ASSET]:
            continue
        token, whole = basket.first_verdict(basket.tokens)
        if whole is None or whole.bad_debt == 0 or whole.seized == 0:
            continue
        case, dust_value = basket.case(), basket.dust_value
        lost = lose_in_parts(basket, token, source.randint(2, 5))
        if lost is None:
            continue

        one_asset = 10**court.market.engine.asset_decimals
        units = 5 * value_up(1, case.holdings[0].price, case.holdings[0].decimals)
        rounding = units * one_asset // case.debt_price + 5
        dust = dust_value * one_asset // case.debt_price
        assert -rounding <= lost - whole.bad_debt <= dust + rounding
        compared += 1


def lose_in_parts(basket, token, parts):
    debt = basket.debt
    lost = 0
    while basket.debt > 0:
        try:
            verdict = basket.judge(token, debt // parts)
        except Refused:
            return None
        basket.carry_out(token, verdict)
        lost += verdict.bad_debt
    return lost


# -- The edges of the smallest debt ----------------------------------------------------------------

SMALLEST = 1_000 * 10**6
PER_CENT = SMALLEST // 100


@pytest.fixture
def lone(court):
    """A vault with one token that carries 90 % of `debt`, give or take."""

    def build(debt, share=WAD * 99 // 100, ltv=WAD * 85 // 100):
        basket = court.plain(SMALLEST, ltv)
        basket.debt = debt
        value = debt * 10**12 * share // ltv
        court.market.chain.parts["token 0"].balances["vault"] = value
        return basket

    return build


@pytest.mark.parametrize(
    ("debt", "left"),
    [
        (1, 0),
        (SMALLEST - 1, 0),
        (SMALLEST, 0),
        (SMALLEST + 1, 0),
        (SMALLEST + PER_CENT, 0),
        (SMALLEST + PER_CENT + 1, SMALLEST),
        (SMALLEST * 5 // 4, SMALLEST),
    ],
)
def test_debt_near_the_smallest_is_closed_or_cut_to_it(lone, debt, left):
    basket = lone(debt)

    verdict = basket.judge("token 0")

    assert basket.debt - verdict.repaid == left


@pytest.mark.parametrize("debt", [SMALLEST, SMALLEST + 1, SMALLEST + PER_CENT])
@pytest.mark.parametrize("short", [1, PER_CENT, SMALLEST // 2])
def test_small_debt_is_not_repaid_in_part(lone, debt, short):
    basket = lone(debt)

    with pytest.raises(Refused, match="engine: repay in full"):
        basket.judge("token 0", debt - short)


@pytest.mark.parametrize("ratio", [WAD - 1, WAD * 99 // 100, WAD * 9 // 10])
def test_large_debt_ends_at_the_target(lone, ratio):
    basket = lone(10**6 * 10**6, ratio)

    verdict = basket.judge("token 0")
    trade = basket.trade("token 0", verdict)

    target = trade.terms.target_health
    reached = Fraction(trade.after.weighted_value * WAD, trade.after.debt_value)
    assert target <= reached < target + WAD // 10**9


@pytest.mark.parametrize("off", [0, 1])
def test_health_of_exactly_one_is_healthy(lone, off):
    basket = lone(10**6 * 10**6, WAD, WAD * 8 // 10)
    court_balance = basket.market.chain.parts["token 0"].balances
    court_balance["vault"] -= off

    if off == 0:
        with pytest.raises(Refused, match="engine: vault is healthy"):
            basket.judge("token 0")
    else:
        assert basket.judge("token 0").repaid > 0


def test_collateral_of_dust_is_a_loss_at_once(lone):
    basket = lone(SMALLEST)
    balances = basket.market.chain.parts["token 0"].balances

    balances["vault"] = basket.terms.dust_value
    assert basket.judge("0x" + 40 * "0").bad_debt == SMALLEST

    balances["vault"] = basket.terms.dust_value + 1
    with pytest.raises(Refused, match="engine: nothing to liquidate"):
        basket.judge("0x" + 40 * "0")


def test_a_lying_token_cannot_overflow_a_liquidation(lone):
    basket = lone(SMALLEST)
    basket.market.chain.parts["token 0"].claimed_balance = 2**256 - 1

    assert basket.case().collateral_value == MAX_VALUE
    with pytest.raises(Refused, match="engine: vault is healthy"):
        basket.judge("token 0")
    basket.market.chain.parts["token 0"].claimed_balance = None
