"""Verdicts on random baskets are the model's, to the unit, and keep their promises."""

from random import Random

import pytest

from tests.steps import MAX, USDC, WAD, WBTC, ZERO
from tests.unit.engine.mirror import mirror, outcome

PRICES = {"WETH": 100, "WBTC": 8_000, "DAI": 1}
WORTH = {"USDC": USDC, "WETH": WAD // 100, "WBTC": WBTC // 8_000, "DAI": WAD}  # of one dollar
WEIGHTS = {"USDC": 93, "WETH": 85, "WBTC": 80, "DAI": 92}


def basket(random):
    """Dollars in each token: none, dust or plenty."""
    sizes = (0, 0, random.randint(1, 30), random.randint(100, 60_000), random.randint(100, 60_000))
    return {symbol: random.choice(sizes) for symbol in WORTH}


@pytest.mark.parametrize("seed", range(30))
def test_verdicts_are_the_models(market, engine, holder, hold, set_price, seed):
    random = Random(seed)
    for symbol, dollars in PRICES.items():
        set_price(symbol, dollars)
    dollars = basket(random)
    hold(**{symbol: worth * WORTH[symbol] for symbol, worth in dollars.items()})
    carried = sum(worth * WEIGHTS[symbol] for symbol, worth in dollars.items()) * USDC // 100
    debt = max(carried, 50 * USDC) * random.randint(900, 1_300) // 1_000 + random.randint(0, 99)
    mask = random.choice((15, 15, random.randint(0, 15)))
    max_repay = random.choice((MAX, MAX, random.randint(1, debt)))
    burnable = random.choice((MAX, MAX, 0, random.randint(1, debt)))
    model = mirror(market, holder).engine

    for token in [*[it.address for it in market.tokens.values()], ZERO]:
        asked = (mask, debt, token, max_repay, burnable)
        told = outcome(lambda asked=asked: engine.judge(holder, *asked))
        assert told == outcome(lambda asked=asked: model.judge(holder.address, *asked))


def test_an_empty_credit_asset_stays_enabled(market, engine, holder, hold):
    hold(DAI=1_000 * WAD)
    asked = (15, 2_000 * USDC, market.tokens["DAI"].address, MAX, MAX)

    told = engine.judge(holder, *asked)

    assert told.mask == mirror(market, holder).engine.judge(holder.address, *asked).mask


def health(amounts, debt):
    weighted = sum(
        amount * WAD // WORTH[symbol] * WEIGHTS[symbol] // 100 for symbol, amount in amounts.items()
    )
    return weighted * USDC // debt if debt else MAX


@pytest.mark.parametrize("seed", range(100, 112))
def test_a_short_vault_always_has_a_way_out(market, holder, hold, set_price, judge, seed):
    random = Random(seed)
    for symbol, dollars in PRICES.items():
        set_price(symbol, dollars)
    amounts = {symbol: worth * WORTH[symbol] for symbol, worth in basket(random).items()}
    debt = (
        max(health(amounts, USDC) // 10**12, 1_000 * USDC) * random.randint(1_001, 1_500) // 1_000
    )
    calls = 0
    while health(amounts, debt) < WAD:
        hold(**amounts)
        told = {
            symbol: outcome(lambda asked=(debt, token): judge(*asked))
            for symbol, token in [*market.tokens.items(), ("", ZERO)]
        }
        open_ways = [symbol for symbol in told if not isinstance(told[symbol], str)]
        symbol = random.choice(open_ways)
        own, repaid, _, seized, lost, _ = told[symbol]
        amounts["USDC"] -= own
        if symbol:
            amounts[symbol] -= seized
        debt -= own + repaid + lost
        calls += 1

    assert calls <= 5
    # The target is 1.05, and the smallest unit of a token may round it up.
    assert debt == 0 or health(amounts, debt) < 105 * WAD // 100 + 10**15
