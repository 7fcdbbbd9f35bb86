"""From which numbers each math function draws its inputs: of every size, often at a boundary."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ringfence.model import (
    bitmap,
    fixed_point,
    health,
    interest,
    liquidation,
    packing,
    price,
    shares,
)
from ringfence.model.fixed_point import MAX_INT, RAY, WAD
from ringfence.model.interest import MAX_INDEX, MAX_RATE, YEAR
from tests.math.twins import (
    ANY,
    BONUS,
    DECIMALS,
    HALF,
    PRICE,
    RATIO,
    Kind,
    below,
    between,
    either,
    near,
)

WILD = either(HALF, HALF, HALF, ANY)  # mostly what fits into half a word
SIZE = either(below(10**30), HALF)
WORTH = either(between(10**18, 10**25), below(2**132), near(10**21))
LESS = either(between(0, 10**18), below(10**21), WORTH)
LOW_BONUS = either(between(0, WAD // 20), between(0, WAD // 20), BONUS)
HIGH_BONUS = either(between(WAD // 20, WAD // 5), between(WAD // 20, WAD // 5), BONUS)
LTV = either(between(0, WAD * 99 // 100), near(0, WAD // 2, WAD), RATIO)
TARGET = either(between(WAD + 1, WAD * 5 // 4), near(WAD * 105 // 100), RATIO)
PLACES = either(DECIMALS, DECIMALS, between(0, 100))
MOMENT = either(between(10**9, 2 * 10**9), near(10**9, 10**9 + 100), below(2**48))
INDEX = either(near(RAY), between(RAY, 10 * RAY), below(MAX_INDEX), near(MAX_INDEX), HALF)
RATE = either(below(MAX_RATE), below(MAX_RATE), near(MAX_RATE), WILD)
SLOW = either(below(MAX_RATE // 100), below(MAX_RATE // 100), RATE)
KINK = either(between(1, WAD - 1), between(1, WAD - 1), RATIO)
SECONDS = either(below(10 * YEAR), between(0, 100), near(1_000 * YEAR), below(2**48), WILD)
MASK = either(ANY, HALF, below(2**20))


def signed(kind: Kind) -> Kind:
    return lambda source: kind(source) * source.choice([-1, 1])


SIGNED = either(signed(HALF), signed(below(10**30)), signed(below(MAX_INT)), near(0))
HEALTH = either(between(0, WAD), near(WAD, WAD * 9 // 10), RATIO, WILD)
TRADE = (SIZE, PRICE, PLACES, BONUS, PRICE, PLACES)


@dataclass(frozen=True)
class Range:
    """A function of the model and the kinds of its arguments."""

    model: Callable[..., int]
    kinds: tuple[Kind, ...]

    @property
    def name(self) -> str:
        return self.model.__name__

    def rows(self, count: int, seed: int = 0) -> Iterator[tuple[int, ...]]:
        source = random.Random(f"{self.name} {seed}")
        for _ in range(count):
            yield tuple(kind(source) for kind in self.kinds)


RANGES = [
    Range(bitmap.bit, (either(below(300), ANY),)),
    Range(bitmap.has, (MASK, MASK)),
    Range(bitmap.without, (MASK, MASK)),
    Range(bitmap.count, (MASK,)),
    Range(bitmap.lowest, (MASK,)),
    Range(fixed_point.mul_div_down, (WILD, WILD, either(WILD, below(10)))),
    Range(fixed_point.mul_div_up, (WILD, WILD, either(WILD, below(10)))),
    Range(health.value_down, (WILD, PRICE, PLACES)),
    Range(health.value_up, (WILD, PRICE, PLACES)),
    Range(health.amount_down, (WORTH, PRICE, PLACES)),
    Range(health.amount_up, (WORTH, PRICE, PLACES)),
    Range(health.weighted, (WILD, LTV)),
    Range(health.health, (either(WORTH, WILD), either(WORTH, WILD, near(0)))),
    Range(health.cushion, (SIGNED, SIGNED)),
    Range(health.ramped, (LTV, LTV, MOMENT, MOMENT, MOMENT)),
    Range(interest.compound, (INDEX, RATE, SECONDS)),
    Range(interest.utilisation, (WILD, WILD)),
    Range(interest.kinked_rate, (RATIO, KINK, SLOW, RATE, RATE)),
    Range(liquidation.largest_factor, (HEALTH, LTV)),
    Range(liquidation.is_deep, (HEALTH, LTV, BONUS)),
    Range(liquidation.bonus, (HEALTH, LTV, LOW_BONUS, HIGH_BONUS, HEALTH)),
    Range(liquidation.affordable, (BONUS, BONUS, WORTH, WORTH)),
    Range(liquidation.value_to_target, (LESS, WORTH, LTV, LOW_BONUS, TARGET)),
    Range(liquidation.seizable, TRADE),
    Range(liquidation.price_of_all, TRADE),
    Range(liquidation.insurance_due, (WILD, BONUS, RATIO)),
    Range(liquidation.is_small, (WILD, either(WILD, near(10**8)))),
    Range(liquidation.alternative_value, (WILD, WORTH)),
    Range(packing.pack, (WILD, WILD)),
    Range(packing.low_half, (ANY,)),
    Range(packing.high_half, (ANY,)),
    Range(price.clamp, (SIGNED, WILD, WILD)),
    Range(price.to_wad, (WILD, between(0, 100))),
    Range(price.is_near, (either(PRICE, near(1_050, 950)), either(PRICE, near(1_000)))),
    Range(shares.to_shares_down, (WILD, SIZE, SIZE)),
    Range(shares.to_shares_up, (WILD, SIZE, SIZE)),
    Range(shares.to_assets_down, (WILD, SIZE, SIZE)),
    Range(shares.to_assets_up, (WILD, SIZE, SIZE)),
]
