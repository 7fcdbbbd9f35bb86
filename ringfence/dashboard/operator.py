"""What an operator wants to know of a market at a block, from the books and from the chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ringfence.dashboard.announced import pending
from ringfence.governing import roles_of
from ringfence.ledger.account import NOBODY, Account
from ringfence.ledger.reconciliation import Finding, findings
from ringfence.lens import LensRow, ask
from ringfence.model.health import value_down
from ringfence.performance.summary import fall_of
from ringfence.performance.valuation import Position, Quotes, collateral_value, debt_value
from ringfence.pool import Pool
from ringfence.registry import STATUSES
from ringfence.units import DAY, MAX_UINT, WAD, from_base, from_wad
from ringfence.vault import CLASSES

if TYPE_CHECKING:
    from ringfence.ledger.fold import Books
    from ringfence.ledger.store import Store
    from ringfence.performance.looking import Looking
    from ringfence.reading import BlockReader

Facts = dict[str, Any]
RECONCILED = 500  # vaults that are compared with the chain for a page; of more, a proof tells
RISKIEST = 25  # vaults that are named
FALLS = (0, 30, 50)  # [%] of all collateral, against which the insurance fund is held
LIMITS = ("1", "1.05", "1.2", "1.5", "2")  # of health, between the bars of the histogram


@dataclass(frozen=True)
class Worth:
    """What a vault holds and owes [WAD]; None if nobody says a price that it takes."""

    assets: int | None
    debt: int | None

    @property
    def equity(self) -> int | None:
        """What is left for its owner, which may be less than nothing."""
        return None if self.assets is None or self.debt is None else self.assets - self.debt

    @property
    def deficit(self) -> int | None:
        """What it lacks."""
        return None if self.equity is None else max(0, -self.equity)


@dataclass(frozen=True)
class Operator:
    """A market at a block."""

    looking: Looking
    books: Books
    store: Store
    read: BlockReader

    @cached_property
    def rows(self) -> list[tuple[Account, LensRow]]:
        """Each vault with its margin, by id."""
        accounts = sorted(self.books.accounts.values(), key=lambda it: it.id)
        market = self.looking.sights.market
        return list(
            zip(accounts, ask(self.read, market.lens, [it.vault for it in accounts]), strict=True)
        )

    def facts(self, proof: Facts | None) -> Facts:
        """Return all of it.

        :param proof: digest of the last report of segregation; None if there is none.
        """
        market = self.looking.sights.market
        pool = Pool(market).summary(self.read.number)
        is_few = len(self.rows) <= RECONCILED
        return {
            "market": self.looking.market_facts(),
            "block": {"number": self.read.number, "timestamp": self.read.timestamp},
            "vaults": len(self.rows),
            "proof": None if proof is None else proof | self._age_of(proof),
            "classes": list(self._classes()),
            "holdings": list(self._holdings()),
            "health": self._histogram(),
            "at_risk": [self.row_facts(*it) for it in self._riskiest()],
            "ladder": self._ladder(),
            "losses": self._losses(),
            "insurance": {
                "fund": pool.insurance,
                "needs": [self._need(it) for it in FALLS],
                "left_out": sum(not _is_told(row) for _, row in self.rows),
            },
            "pool": asdict(pool),
            "prices": [
                self.looking.price_facts(self.read.number, it) for it in self.looking.tokens
            ],
            "holds": list(self._holds()),
            "breaks": [self._break(it) for it in self._findings()] if is_few else None,
            "roles": roles_of(market, self.read),
            "pending": [
                asdict(it) | {"tx": "0x" + it.tx.hex()}
                for it in pending(market, self.store, self.read)
            ],
        }

    def _age_of(self, proof: Facts) -> Facts:
        return {"age": self.read.timestamp - proof["timestamp"]}

    # -- What there is -----------------------------------------------------------------------------

    def _classes(self) -> Iterator[Facts]:
        for fund_class in CLASSES.values():
            of_class = [it for it, _ in self.rows if it.fund_class == fund_class]
            worths = [self._worth(it) for it in of_class]
            yield {
                "class": fund_class,
                "vaults": len(of_class),
                "in_debt": sum(it.scaled_debt > 0 for it in of_class),
                "assets": _total(it.assets for it in worths),
                "debt": _total(it.debt for it in worths),
                "equity": _total(it.equity for it in worths),
                "deficits": _total(it.deficit for it in worths),
            }

    def _worth(self, account: Account) -> Worth:
        """Return what a vault holds and owes, by the books. A token without a price is worth
        nothing, unless it counts as collateral: strangers send others as they like.
        """
        position = Position(account.balances, account.scaled_debt)
        quotes, listing = self._quotes, self.looking.listing
        is_owed = account.scaled_debt and self.looking.asset.address in quotes.silent
        is_known = not self.looking.unpriced(account, quotes, position)
        return Worth(
            collateral_value(position, quotes, listing) if is_known else None,
            None if is_owed else debt_value(position, quotes, listing),
        )

    @cached_property
    def _quotes(self) -> Quotes:
        return self.looking.quotes(self.read.number, self.looking.tokens)

    def _holdings(self) -> Iterator[Facts]:
        """What each class holds of each token, by the books."""
        for fund_class in CLASSES.values():
            accounts = [it for it, _ in self.rows if it.fund_class == fund_class]
            for token in self.looking.tokens.values():
                held = sum(it.balances.get(token.address, 0) for it in accounts)
                if held:
                    price = self._quotes.prices[token.address]
                    value = None if price is None else value_down(held, price, token.decimals)
                    yield {
                        "class": fund_class,
                        "symbol": token.symbol,
                        "held": from_base(held, token.decimals),
                        "value": None if value is None else from_wad(value),
                    }

    # -- How safe it is ----------------------------------------------------------------------------

    def _histogram(self) -> list[Facts]:
        limits = [int(Decimal(it) * WAD) for it in LIMITS]
        names = ["below 1", *(f"{a} to {b}" for a, b in zip(LIMITS, LIMITS[1:], strict=False))]
        names += ["2 and more", "no debt", "unknown"]
        counts = dict.fromkeys(names, 0)
        for _, row in self.rows:
            if not _is_told(row):
                counts["unknown"] += 1
            elif row.health == MAX_UINT:
                counts["no debt"] += 1
            else:
                counts[names[sum(row.health >= it for it in limits)]] += 1
        return [{"health": name, "vaults": count} for name, count in counts.items()]

    def _riskiest(self) -> Sequence[tuple[Account, LensRow]]:
        """The vaults nearest to liquidation; those of which nothing is known come first."""
        in_debt = [it for it in self.rows if not _is_told(it[1]) or it[1].debt]
        return sorted(in_debt, key=lambda it: it[1].health if _is_told(it[1]) else -1)[:RISKIEST]

    def row_facts(self, account: Account, row: LensRow) -> Facts:
        """Return a vault in a list."""
        is_told = _is_told(row)
        equity = self._worth(account).equity if is_told else None
        health = from_wad(row.health) if is_told and row.health != MAX_UINT else None
        return {
            "id": account.id,
            "vault": account.vault,
            "label": account.label,
            "class": account.fund_class,
            "status": STATUSES[row.status],
            "debt": from_base(row.debt, self.looking.asset.decimals) if is_told else None,
            "equity": None if equity is None else from_wad(equity),
            "health": health,
            "fall": None if health is None else fall_of(row.health),
        }

    def _ladder(self) -> list[tuple[Decimal, Decimal]]:
        """From which fall of all prices on how much debt can be liquidated."""
        falls = sorted(
            (fall_of(row.health), row.debt_value)
            for _, row in self.rows
            if _is_told(row) and row.debt
        )
        steps: dict[Decimal, Decimal] = {}
        total = 0
        for fall, owed in falls:
            total += owed
            steps[fall] = from_wad(total)
        return list(steps.items())

    def _need(self, percent: int) -> Facts:
        """What vaults could not pay if all collateral fell."""
        lacking = sum(_lacking(row, percent) for _, row in self.rows if _is_told(row))
        return {"fall": Decimal(percent) / 100, "lacking": from_wad(lacking)}

    def _losses(self) -> Facts:
        sold_at = [
            self.looking.sights.time(it.block)
            for account, _ in self.rows
            for it in account.liquidations
            if it.token != NOBODY
        ]
        decimals = self.looking.asset.decimals
        written_off = sum(account.written_off for account, _ in self.rows)
        return {
            "liquidations": len(sold_at),
            "liquidations_of_a_day": sum(at > self.read.timestamp - DAY for at in sold_at),
            "written_off": from_base(written_off, decimals),
        }

    # -- What is to be known -----------------------------------------------------------------------

    def _holds(self) -> Iterator[Facts]:
        for account, _ in self.rows:
            if account.hold_until >= self.read.timestamp:
                yield {
                    "vault": account.vault,
                    "label": account.label,
                    "until": account.hold_until,
                }

    def _findings(self) -> list[Finding]:
        found = findings(self.looking.sights.market, self.books, self.read)
        return sorted((it for it in found if it.is_break), key=lambda it: (it.since, it.vault))

    def _break(self, found: Finding) -> Facts:
        return {
            "code": found.code,
            "vault": found.vault,
            "what": found.what,
            "books": str(found.books),
            "chain": str(found.chain),
            "age": self.read.timestamp - self.looking.sights.time(found.since)
            if found.since
            else None,
        }


def _total(values: Iterable[int | None]) -> Decimal | None:
    """Return a sum [quote currency]; None if one of the values [WAD] is not known."""
    known = list(values)
    return None if None in known else from_wad(sum(it for it in known if it is not None))


def _is_told(row: LensRow) -> bool:
    """Tell whether the lens knows a vault's margin, and each price that it depends on is live."""
    return STATUSES[row.status] == "ok"


def _lacking(row: LensRow, percent: int) -> int:
    """Return what a vault could not pay if the prices of its collateral fell. [WAD]"""
    return max(0, row.debt_value - row.collateral_value * (100 - percent) // 100)
