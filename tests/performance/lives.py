"""Made-up lives of a vault, without a chain: a block an hour, one token, one credit asset."""

from ringfence.ledger.account import DEPOSIT, UNSOLICITED, WITHDRAWAL, Account, DebtMove, Flow
from ringfence.model.fixed_point import RAY
from ringfence.performance.history import History, life_of, samples_between
from ringfence.performance.measures import Performance
from ringfence.performance.valuation import Listing, Quotes
from tests.steps import WAD

HOUR, DAY = 3_600, 24
TOKEN, ASSET = "0xToken", "0xAsset"
LISTING = Listing(ASSET, {ASSET: 6, TOKEN: 18})
OWNER, VAULT = "0xOwner", "0xVault"


class Life:
    """What happened to a vault, and what its token cost: block n is made at hour n."""

    def __init__(self, price=1):
        self.prices = {0: price}  # [quote currency] from a block on; None if nobody says
        self.account = Account(VAULT, OWNER, OWNER, b"life", "client", 1, opened=1)

    def price(self, block, price):
        self.prices[block] = price

    def move(self, block, amount, kind=None):
        """Let the owner pay in, or take out; in whole tokens, or a part of one."""
        kind = kind or (DEPOSIT if amount > 0 else WITHDRAWAL)
        units = int(amount * WAD)
        moved = Flow(block, len(self.account.flows), b"tx", kind, TOKEN, OWNER, units, OWNER)
        self.account.flows.append(moved)

    def gift(self, block, units):
        """Let a stranger send base units."""
        self.account.flows.append(
            Flow(block, len(self.account.flows), b"gift", UNSOLICITED, TOKEN, "0x", units, OWNER)
        )

    def owe(self, block, assets, kind="borrowed", outside=True):
        """Let the vault owe so many more whole credit assets, which are paid out."""
        units = int(assets * 10**6)
        left = (self.account.debt_moves[-1].scaled_debt if self.account.debt_moves else 0) + units
        sign = -1 if outside else 0
        self.account.debt_moves.append(
            DebtMove(block, 99, b"tx", kind, OWNER, units, left, sign * units)
        )

    def history(self, last, first=0, until=None):
        """The life up to a block, in hours."""
        times = samples_between(0, last * HOUR)
        samples = {it // HOUR for it in times}
        life = life_of(self.account, LISTING, self.quote, 0, last, samples | {first})
        start = next(at for at, it in enumerate(life) if it.quotes.block >= first)
        end = last * HOUR if until is None else until
        return History(life, start, LISTING, frozenset(samples), end)

    def performance(self, last, first=0, until=None):
        return Performance(self.history(last, first, until))

    def quote(self, block, tokens):
        price = self.prices[max(it for it in self.prices if it <= block)]
        known = {ASSET: WAD, TOKEN: None if price is None else int(price * WAD)}
        silent = frozenset(it for it in tokens if known[it] is None)
        prices = {it: known[it] for it in tokens}
        return Quotes(block, block * HOUR, RAY, prices, silent, silent)
