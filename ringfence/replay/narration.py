"""What a replay says while it runs, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from click import style

from ringfence.replay import clients as story
from ringfence.replay.clients import Client, Plot
from ringfence.replay.liquidators import Liquidation
from ringfence.replay.prices import Price
from ringfence.units import MAX_UINT, WAD, format_number, from_base, from_wad

if TYPE_CHECKING:
    from ringfence.config import MarketConfig
    from ringfence.replay.run import Hour

GAP = "  "
TIME_WIDTH, PRICE_WIDTH = 12, 9
HEALTH_PLACES = 3
WORRYING = WAD * 11 // 10


def opening(network: str, prices: Sequence[Price]) -> Iterator[str]:
    """Tell a newcomer what this is."""
    first, last = moment(prices[0].unix_s), moment(prices[-1].unix_s)
    yield style("Ringfence", bold=True) + " gives each client a separate vault: a contract that"
    yield "holds that client's collateral and debt, and nobody else's."
    yield f"Here {len(prices)} prices of ETH, {first} to {last} UTC, run through real contracts on"
    yield f"{network}: ETH {_course(prices)}."
    yield "Health is what a vault's collateral supports divided by its debt: below 1 a vault is"
    yield "liquidated, and whoever bears the loss, it must never be another vault. Health is read"
    yield "as each price arrives, before anybody is liquidated."


def _course(prices: Sequence[Price]) -> str:
    """Say where the price goes from the first one: down if it ever does."""
    dollars = [price.price for price in prices]
    first, low, high = dollars[0], min(dollars), max(dollars)
    if low < first:
        return f"falls from {_dollars(first)} to {_dollars(low)}"
    if high > first:
        return f"rises from {_dollars(first)} to {_dollars(high)}"
    return f"stays at {_dollars(first)}"


def cast(clients: Sequence[Client]) -> Iterator[str]:
    """Introduce the vaults."""
    width = max(len(client.label) for client in clients)
    for client in clients:
        held = ", ".join(f"{format_number(it)} {name}" for name, it in client.deposits.items())
        debt = f"borrows {format_number(client.borrows)} USDC" if client.borrows else "no debt"
        whose = "the platform's own" if client.is_house else f"client {client.account}"
        yield f"  {style(client.label.ljust(width), bold=True)}  {whose.ljust(18)}  {held}; {debt}"


def rules(prices: Sequence[Price], plot: Plot) -> Iterator[str]:
    """Say what is assumed beside the prices."""
    lent = format_number(sum(story.LENDERS.values(), Decimal(0)))
    cash = format_number(story.LIQUIDATORS_CASH)
    fund = format_number(story.INSURANCE_CASH)
    yield f"{len(story.LENDERS)} lenders put in {lent} USDC, the insurance fund has {fund} USDC."
    yield "WBTC moves in step with ETH; DAI and USDC stay at one dollar."
    yield f"Liquidators bring {cash} USDC to each vault at each price, the least healthy first."
    if plot.storm:
        first = moment(prices[plot.storm[0]].unix_s)
        count = f"{len(plot.storm)} price{'s' if len(plot.storm) > 1 else ''}"
        yield f"A gas storm keeps them out for {count} from {first} on, just after"
        yield "the over-leveraged owner has borrowed to the limit."


# -- Price by price --------------------------------------------------------------------------------


def heading(labels: Sequence[str]) -> str:
    """Name the columns of the lines that follow."""
    left = "UTC".ljust(TIME_WIDTH) + GAP + "ETH".rjust(PRICE_WIDTH)
    return style(GAP.join([left, *labels, "what happened"]), bold=True)


def hour_line(config: MarketConfig, hour: Hour) -> str:
    """Tell one price in one line: health of each vault, and what happened."""
    cells = [moment(hour.price.unix_s).ljust(TIME_WIDTH), _price(hour.price).rjust(PRICE_WIDTH)]
    cells += [_health(margin, len(label)) for label, margin in hour.margins.items()]
    return GAP.join([*cells, "; ".join(_happenings(config, hour))]).rstrip()


def _happenings(config: MarketConfig, hour: Hour) -> Iterator[str]:
    asset = config.credit_asset
    if hour.loan is not None:
        label, assets = hour.loan
        yield f"{label} borrows {_amount(assets, asset.decimals)} {asset.symbol} more"
    if hour.is_storm:
        yield style("gas storm", fg="magenta")
    for liquidation in hour.liquidations:
        yield _liquidated(config, liquidation)


def _liquidated(config: MarketConfig, it: Liquidation) -> str:
    decimals, name = config.credit_asset.decimals, config.credit_asset.symbol
    text = f"{it.label} repays {_amount(it.repaid + it.own_repaid, decimals)} {name}"
    if it.seized and it.token is not None:
        sold = _amount(it.seized, config.decimals_of(config.token(it.token)))
        text += f" with {sold} {it.token}"
    text = style(text, fg="yellow")
    if it.bad_debt:
        text += style(f", {_amount(it.bad_debt, decimals)} {name} are lost", fg="red")
    return text


def _health(margin: Any, width: int) -> str:
    if margin.health == MAX_UINT:
        return "-".rjust(width)
    text = format_number(from_wad(margin.health), HEALTH_PLACES).rjust(width)
    if margin.health < WAD:
        return style(text, fg="red", bold=True)
    return style(text, fg="yellow" if margin.health < WORRYING else "green")


def _price(price: Price) -> str:
    return format_number(price.price, max(2, len(f"{price.price.normalize():f}".partition(".")[2])))


def _dollars(price: Decimal) -> str:
    return f"{format_number(price)} dollars"


def _amount(units: int, decimals: int) -> str:
    return format_number(from_base(units, decimals), 2)


def moment(unix_s: int) -> str:
    """Write a moment of the recorded prices. [UTC]"""
    return datetime.fromtimestamp(unix_s, UTC).strftime("%d %b %H:%M")


# -- Between and after the runs --------------------------------------------------------------------


def second_run(failing: Sequence[str]) -> str:
    """Announce the second run."""
    if not failing:
        return "Nobody was liquidated; the second run is the same story once more."
    return f"Second run: the same story without {' and '.join(failing)}."
