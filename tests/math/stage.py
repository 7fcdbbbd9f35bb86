"""One engine on a stage, and its model: both judge the same made-up vaults."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass

from ringfence.model.engine_rules import LiquidationTerms
from ringfence.model.fixed_point import MAX_UINT, WAD
from ringfence.model.market import Addresses, MarketModel, MarketTerms
from ringfence.model.oracle import GivenPrices
from ringfence.model.pool import Loss, PoolTerms
from ringfence.model.rates import KinkedRateModel
from ringfence.model.refusal import Refused

PERCENT = WAD // 100
MIN_DEBT = 1_000 * 10**6  # [asset]
NOTICE = 3 * 86_400  # [s]
BATCH = 200
GAS = 28_000_000
WORDS = 7  # of an answer

DECIMALS = (6, 18, 8, 18)  # the credit asset first
LTVS = (93 * PERCENT, 85 * PERCENT, 80 * PERCENT, 50 * PERCENT)
PRICES = (WAD, 1_500 * WAD, 30_000 * WAD, WAD)
TERMS = [
    LiquidationTerms(PERCENT, 6 * PERCENT, 90 * PERCENT, 105 * PERCENT, 20 * PERCENT, 50 * WAD),
    LiquidationTerms(5 * PERCENT, 5 * PERCENT, 0, 125 * PERCENT, 0, 1),
    LiquidationTerms(1, 4 * PERCENT, 99 * PERCENT, WAD + PERCENT, 90 * PERCENT, 10**9 * WAD),
]


@dataclass(frozen=True)
class Scene:
    """A vault in its market; a bit of `live` and `hidden` for each token."""

    balances: tuple[int, ...]
    prices: tuple[int, ...]
    highest_prices: tuple[int, ...]
    live: int
    hidden: int
    mask: int
    debt: int
    token: int
    max_repay: int
    burnable: int

    def words(self) -> list[int]:
        flat = [*self.balances, *self.prices, *self.highest_prices]
        return flat + list(astuple(self)[3:])


def scenes(count: int, seed: int) -> Iterator[Scene]:
    source = random.Random(f"scenes {seed}")
    for _ in range(count):
        yield scene(source)


def scene(source: random.Random) -> Scene:
    """Most often a vault slightly or far short, with prices alive and everything enabled."""
    prices = tuple(_price(source, price) for price in PRICES)
    worths = [source.choice([0, 0, _worth(source), _worth(source)]) for _ in PRICES]
    rows = zip(worths, prices, DECIMALS, strict=True)
    told = tuple(worth * 10**places // price for worth, price, places in rows)
    balances = tuple(MAX_UINT if source.random() < 0.01 else it for it in told)  # or a lie
    mask = source.choice([15, 15, 15, source.randrange(16)])
    enabled = [number for number in range(len(PRICES)) if mask >> number & 1]
    carried = sum(worths[number] * LTVS[number] // WAD for number in enabled)
    held = [number for number in enabled[1:] if balances[number]] or [4]
    debt = _debt(source, max(carried, 50 * WAD) * 10**6 // prices[0])
    return Scene(
        balances=balances,
        prices=prices,
        highest_prices=tuple(price * source.choice([1, 2, 10**6]) for price in prices),
        live=15 if source.random() < 0.8 else source.randrange(16) | source.choice([0, 1]),
        hidden=0 if source.random() < 0.9 else source.randrange(16),
        mask=mask,
        debt=debt,
        token=source.choice([*held, *held, source.randrange(5)]),
        max_repay=source.choice([MAX_UINT, MAX_UINT, source.randint(0, debt), 1, debt]),
        burnable=source.choice([MAX_UINT, MAX_UINT, source.randint(0, debt), 0]),
    )


def _price(source: random.Random, usual: int) -> int:
    near = usual * source.randint(90, 110) // 100
    return source.choice([usual, near, near + source.randint(-99, 99), near * 7, near // 7])


def _worth(source: random.Random) -> int:
    plenty = source.randint(100 * WAD, 10**6 * WAD)
    return source.choice([plenty, plenty, source.randint(1, 60 * WAD), source.randint(1, 10**16)])


def _debt(source: random.Random, carried: int) -> int:
    """Around what is carried, around the smallest debt, or anything."""
    short = carried * source.randint(990, 1_400) // 1_000 + source.randint(0, 99)
    small = MIN_DEBT + source.choice([0, MIN_DEBT // 100]) + source.randint(-2, 2)
    few = source.choice([0, 1])
    return source.choice([short, short, short, carried + source.randint(-1, 1), small, few])


# -- Contract --------------------------------------------------------------------------------------


class Stage:
    """The engine that the contracts have, in front of a stage that plays the rest."""

    def __init__(self, project, deployer, provider, terms: LiquidationTerms) -> None:
        tokens = [
            deployer.deploy(project.MockToken, f"Token {number}", f"T{number}", decimals)
            for number, decimals in enumerate(DECIMALS)
        ]
        self._stage = deployer.deploy(project.MockStage, tokens, MIN_DEBT)
        stage = self._stage
        engine = deployer.deploy(project.MarginEngine, stage, stage, NOTICE, astuple(terms))
        stage.set_engine(engine, sender=deployer)
        for token, ltv in zip(tokens, LTVS, strict=True):
            engine.list_token(token, ltv, ltv, MAX_UINT, sender=deployer)
        self._caller = deployer.address
        self._provider = provider

    def answers(self, name: str, asked: Sequence[Scene]) -> Iterator[tuple[int, ...]]:
        """Whether each call succeeded, and its words."""
        kinds = self._stage.contract_type.method_identifiers.items()
        selector = next(it for signature, it in kinds if signature.startswith(f"{name}("))
        for start in range(0, len(asked), BATCH):
            batch = asked[start : start + BATCH]
            numbers = [32, len(batch), *(word for it in batch for word in it.words())]
            words = self._call(selector, b"".join(number.to_bytes(32) for number in numbers))[2:]
            yield from zip(*[iter(words)] * WORDS, strict=True)

    def _call(self, selector: str, arguments: bytes) -> list[int]:
        call = {
            "from": self._caller,
            "to": self._stage.address,
            "data": selector + arguments.hex(),
            "gas": GAS,
        }
        returned = bytes(self._provider.web3.eth.call(call))
        return [int.from_bytes(returned[at : at + 32]) for at in range(0, len(returned), 32)]


# -- Model -----------------------------------------------------------------------------------------


class StageModel:
    """Plays pool, registry and vault of the model's engine."""

    address = "pool"

    def __init__(self, terms: LiquidationTerms) -> None:
        pool = PoolTerms(0, 0, WAD, 0, 0, MIN_DEBT, MIN_DEBT, NOTICE)
        self._prices = GivenPrices()
        given = MarketTerms(pool, terms, KinkedRateModel(1, 0, 0, 0), DECIMALS[0])
        market = MarketModel(0, given, Addresses(asset="0"), self._prices)
        self._tokens = [market.asset]
        self._tokens += [market.add_token(str(it), DECIMALS[it]) for it in range(1, len(DECIMALS))]
        self._engine = market.engine
        for token, ltv in zip(self._tokens, LTVS, strict=True):
            self._prices.give(token.address, WAD)
            admin = market.addresses.risk_admin
            self._engine.list_token(token.address, ltv, ltv, MAX_UINT, sender=admin)
        self._engine.pool = self._engine.factory = self
        market.chain.parts["vault"] = self
        self._scene: Scene

    def answer(self, name: str, asked: Scene) -> tuple[int, ...]:
        """What the stage answers."""
        self._set(asked)
        try:
            told = self._judged(asked) if name == "judged" else self._quoted(asked)
        except Refused as refusal:
            return 0, int.from_bytes(refusal.reason.encode().ljust(32, b"\0")), *[0] * (WORDS - 2)
        return 1, *told, *[0] * (WORDS - 1 - len(told))

    def _judged(self, asked: Scene) -> tuple[int, ...]:
        given = asked.mask, asked.debt, self._token(asked), asked.max_repay, asked.burnable
        return astuple(self._engine.judge("vault", *given))

    def _quoted(self, asked: Scene) -> tuple[int, ...]:
        return self._engine.quote_liquidation("vault", self._token(asked), asked.max_repay)

    def _set(self, asked: Scene) -> None:
        self._scene = asked
        for number, token in enumerate(self._tokens):
            token.balances["vault"] = asked.balances[number]
            token.hides_balances = bool(asked.hidden >> number & 1)
            price, is_live = asked.prices[number], bool(asked.live >> number & 1)
            highest = asked.highest_prices[number]
            self._prices.give(token.address, price, is_live, highest_price=highest)

    def _token(self, asked: Scene) -> str:
        if asked.token < len(self._tokens):
            return self._tokens[asked.token].address
        return "0x0000000000000000000000000000000000000000"

    # -- What the engine asks ----------------------------------------------------------------------

    def min_debt(self) -> int:
        return MIN_DEBT

    def vault_id(self, vault: str) -> int:
        return 1

    def collateral_mask(self) -> int:
        return self._scene.mask

    def debt(self) -> int:
        return self._scene.debt

    def scaled_debt(self) -> int:
        return self._scene.debt // 2 + 1

    def quote_settlement(self, assets: int, insurance: int, scaled_debt: int, bad: int) -> Loss:
        return Loss(assets, insurance << 128, bad | scaled_debt << 128)
