"""One run of the story: price by price, what owners and liquidators do and what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ringfence.replay import clients as story
from ringfence.replay.clients import Client, Plot
from ringfence.replay.isolation import Loan, Sighting
from ringfence.replay.liquidators import Liquidation, bring_to_health
from ringfence.replay.prices import Price
from ringfence.replay.stage import Call, Stage
from ringfence.terms import feed_answer

if TYPE_CHECKING:
    from ringfence.config import MarketConfig

LAST_SECOND = 590  # after the last price, when everything is read for the end
FIRST_OWNER = 1  # second after a price in which owners start to act
SECONDS_EACH = 8  # that an owner has for transactions
DIP_SECOND = 200  # in which the over-leveraged owner borrows once more
WBTC, WETH = "WBTC", "WETH"


@dataclass(frozen=True)
class Hour:
    """What happened at one price; margins are those before any liquidation."""

    at: int
    price: Price
    margins: Mapping[str, Any]
    liquidations: tuple[Liquidation, ...]
    loan: tuple[str, int] | None  # label and amount [asset] of a loan after the first hour
    is_storm: bool


@dataclass(frozen=True)
class Ending:
    """The state of everything in one second after the last price."""

    margins: Mapping[str, Any]
    balances: Mapping[str, tuple[int, ...]]  # [token] in the order of the market
    index: int  # [RAY]
    claims: Mapping[int, int]  # what the shares of each lender are worth [asset]
    fund_claim: int  # what the shares of the insurance fund are worth [asset]
    fund_cash: int  # [asset]


@dataclass
class Run:
    """A run under way, and at last its ending."""

    stage: Stage
    prices: Sequence[Price]
    earlier: Run | None = None  # the run before, whose failing clients are absent from this one
    hours: list[Hour] = field(default_factory=list)
    liquidations: list[Liquidation] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    loans: dict[str, list[Loan]] = field(default_factory=dict)
    last_loan: tuple[str, int] | None = None  # of the over-leveraged: label and amount [asset]
    ending: Ending | None = None

    @property
    def present(self) -> list[Client]:
        """The clients who take part."""
        absent = self.earlier.failing if self.earlier is not None else frozenset()
        return [client for client in self.stage.clients if client.label not in absent]

    @property
    def failing(self) -> frozenset[str]:
        """The vaults that were liquidated or written off."""
        return frozenset(liquidation.label for liquidation in self.liquidations)


def replay(
    stage: Stage,
    prices: Sequence[Price],
    earlier: Run | None = None,
    report: Callable[[Hour], None] = lambda _: None,
) -> Run:
    """Play the story once.

    :param earlier: run of the same story, whose failing clients are absent from this one.
    :param report: called once per price.
    """
    run = Run(stage, prices, earlier)
    plot = story.plot_of(prices)
    for at in range(len(prices)):
        hour = _live_through(run, plot, at)
        run.hours.append(hour)
        report(hour)
    run.ending = _read_ending(run)
    return run


def answers(config: MarketConfig, first: Price, now: Price) -> dict[str, int]:
    """Return what every feed says: ETH its price, WBTC in step with it, others what they said.

    [feed answer] rounded down.
    """
    said = {symbol: feed_answer(feed) for symbol, feed in config.feeds.items()}
    start, today = (int(price.price.scaleb(config.feeds[WETH].decimals)) for price in (first, now))
    said[WETH] = today
    said[WBTC] = said[WBTC] * today // start
    return said


# -- One price -------------------------------------------------------------------------------------


def _live_through(run: Run, plot: Plot, at: int) -> Hour:
    stage, price = run.stage, run.prices[at]
    second = price.unix_s - run.prices[0].unix_s
    _set_prices(run, price, second)
    if at == 0:
        for client in run.present:
            _move_in(run, client)
    if at == plot.dip:
        _buy_the_dip(run, second)

    # In the second run nobody looks at vaults without debt: nothing can happen to them.
    margins = stage.margins(run.loans if run.earlier else stage.vaults)
    is_storm = at in plot.storm
    done: list[Liquidation] = []
    if not is_storm:
        done, seen = bring_to_health(stage, margins, at, second)
        run.liquidations += done
        run.sightings += seen
    loan = run.last_loan if at == plot.dip else None
    return Hour(at, price, margins, tuple(done), loan, is_storm)


def _set_prices(run: Run, price: Price, second: int) -> None:
    """Let all feeds answer anew in one transaction, so that none grows stale."""
    stage = run.stage
    said = answers(stage.config, run.prices[0], price)
    calls: list[Call] = [
        (feed.set_answer, (said[symbol],)) for symbol, feed in stage.market.feeds.items()
    ]
    stage.at(second)
    stage.together(calls)


# -- Owners ----------------------------------------------------------------------------------------


def _seconds_of(stage: Stage, label: str) -> int:
    """Return the first second after a price in which the owner of a vault acts."""
    return FIRST_OWNER + SECONDS_EACH * list(stage.vaults).index(label)


def _move_in(run: Run, client: Client) -> None:
    stage, vault = run.stage, run.stage.vaults[client.label]
    owner = stage.accounts[client.account]
    second = _seconds_of(stage, client.label)
    for later, (symbol, amount) in enumerate(client.deposits.items()):
        stage.at(second + later)
        vault.deposit(stage.tokens[symbol], stage.units(symbol, amount), sender=owner)
    if client.borrows:
        _borrow(run, client, stage.assets(client.borrows), second + len(client.deposits))


def _buy_the_dip(run: Run, second: int) -> None:
    """One owner borrows to the limit; in a later run, as much as in the earlier one."""
    client = next((it for it in run.present if it.buys_the_dip), None)
    if client is None:
        return
    if run.earlier is not None:
        run.last_loan = run.earlier.last_loan
    elif not run.stage.market.pool.borrowing_stopped():
        run.last_loan = _largest_loan(run.stage, client.label)
    if run.last_loan is not None:
        _borrow(run, client, run.last_loan[1], second + DIP_SECOND)


def _largest_loan(stage: Stage, label: str) -> tuple[str, int] | None:
    """Return the most that a vault may borrow, rounded down; None if that is nothing."""
    pool, margin = stage.market.pool, stage.margins([label])[label]
    carried = margin.available_funds // 10 ** (18 - stage.config.credit_asset.decimals)
    most = min(carried, pool.cash(), pool.max_debt() - margin.debt)
    step = stage.assets(story.DIP_STEP)
    return (label, most // step * step) if most >= step else None


def _borrow(run: Run, client: Client, assets: int, second: int) -> None:
    stage, owner = run.stage, run.stage.accounts[client.account]
    stage.at(second)
    receipt = stage.vaults[client.label].borrow(assets, owner, sender=owner)
    (accrued,) = receipt.decode_logs(stage.market.pool.InterestAccrued)
    run.loans.setdefault(client.label, []).append(Loan(assets, accrued.index))


# -- The end ---------------------------------------------------------------------------------------


def _read_ending(run: Run) -> Ending:
    """Read all that grows with time in transactions, whose second is known."""
    stage, pool, engine = run.stage, run.stage.market.pool, run.stage.market.engine
    second = run.prices[-1].unix_s - run.prices[0].unix_s + LAST_SECOND
    calls: list[Call] = [(engine.margin_of, (vault,)) for vault in stage.vaults.values()]
    stage.at(second)
    *margins, index = stage.together([*calls, (pool.debt_index, ())])

    holders = [*(stage.accounts[account] for account in story.LENDERS), stage.market.fund]
    shares = [pool.balanceOf(holder) for holder in holders]
    stage.at(second + 1)
    claims = stage.together([(pool.convertToAssets, (held,)) for held in shares])
    return Ending(
        margins=dict(zip(stage.vaults, margins, strict=True)),
        balances={label: _balances_of(stage, label) for label in stage.vaults},
        index=index,
        claims=dict(zip(story.LENDERS, claims[:-1], strict=True)),
        fund_claim=claims[-1],
        fund_cash=stage.market.asset.balanceOf(stage.market.fund),
    )


def _balances_of(stage: Stage, label: str) -> tuple[int, ...]:
    vault = stage.vaults[label]
    return tuple(token.balanceOf(vault) for token in stage.tokens.values())
