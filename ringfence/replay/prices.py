"""The prices that a replay follows: those of 12 March 2020, or a file's."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from ringfence.exceptions import RingfenceError
from ringfence.units import UnitError, format_number, parse_number

HOUR = 3_600  # [s]
FIRST_HOUR = 1_583_971_200  # [unix s] 2020-03-12 00:00 UTC
CLOSES = (
    "193.84 184.59 183.92 183.21 181.4 181.42 173.42 171.7 169.45 167.63 132 135.65 135.78 135.3"
    " 139.89 141.26 139.43 141.87 136.75 137.72 128.51 130.19 126.35 107.59 106.09 97.01 111.44"
    " 125.06 110.95 116.08"
)  # hourly closes of ETH in dollars

HEADER = ("unix_s", "price")
SHORTEST_STEP = 600  # [s] between two prices: what happens at one is over before the next
LATEST = 4_102_444_800  # [unix s] the year 2100
LONGEST = 31_622_400  # [s] 366 days, from the first price to the last
FEED_PLACES = 8
WIDEST = 100  # how far prices may move from the first one, so that WBTC, in step, stays believable


class PriceFileError(RingfenceError):
    """A file of prices cannot be replayed; the text names file, line and remedy."""


@dataclass(frozen=True)
class Price:
    """What an ETH cost at a moment."""

    unix_s: int
    price: Decimal  # [dollars]


def recorded_prices() -> tuple[Price, ...]:
    """Return the hourly closes from 2020-03-12 00:00 UTC."""
    return tuple(
        Price(FIRST_HOUR + hour * HOUR, Decimal(close)) for hour, close in enumerate(CLOSES.split())
    )


def read_prices(path: Path, lowest: Decimal, highest: Decimal) -> tuple[Price, ...]:
    """Read a CSV file of `unix_s,price`, with or without that header.

    :param lowest: least price that the feed believes; `highest` the most. [dollars]
    :raises PriceFileError: naming the first line that does not fit, and what would.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [(number, row) for number, row in enumerate(csv.reader(file), 1) if any(row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        message = (
            f"{path} cannot be read: {reason}; name a CSV file with lines like 1583971200,193.84"
        )
        raise PriceFileError(message) from None
    return parse_rows(rows, str(path), lowest, highest)


def parse_rows(
    rows: Iterable[tuple[int, Sequence[str]]], source: str, lowest: Decimal, highest: Decimal
) -> tuple[Price, ...]:
    """Turn numbered rows into prices; raises as `read_prices` does."""
    prices: list[Price] = []
    for number, row in rows:
        if not prices and tuple(cell.strip().lower() for cell in row) == HEADER:
            continue
        try:
            price = _price(row, lowest, highest)
            _check_follows(prices, price)
        except ValueError as error:
            raise PriceFileError(f"{source}, line {number}: {error}") from None
        prices.append(price)
    if len(prices) < 2:
        raise PriceFileError(
            f"{source} has {len(prices)} prices; write two or more, like 1583971200,193.84"
        )
    return tuple(prices)


def _price(row: Sequence[str], lowest: Decimal, highest: Decimal) -> Price:
    if len(row) != len(HEADER):
        raise ValueError(f"has {len(row)} fields; write two, unix_s,price, like 1583971200,193.84")
    moment, text = (cell.strip() for cell in row)
    if not (moment.isascii() and moment.isdigit()):
        raise ValueError(f'time "{moment}" is not a whole number of unix seconds; write 1583971200')
    if len(moment) > len(str(LATEST)) or int(moment) > LATEST:
        raise ValueError(f"time {moment[:12]} is later than {LATEST}, the year 2100; write seconds")
    return Price(int(moment), _dollars(text, lowest, highest))


def _dollars(text: str, lowest: Decimal, highest: Decimal) -> Decimal:
    try:
        price = parse_number(text)
    except UnitError:
        raise ValueError(f'price "{text}" is not a number; write it like 193.84') from None
    exponent = price.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > FEED_PLACES:
        raise ValueError(f"price {text} has more than {FEED_PLACES} decimal places; round it")
    if not lowest <= price <= highest:
        raise ValueError(
            f"price {text} is not believed by the feed; keep it from {format_number(lowest)}"
            f" to {format_number(highest)}"
        )
    return price


def _check_follows(earlier: Sequence[Price], price: Price) -> None:
    if not earlier:
        return
    step = price.unix_s - earlier[-1].unix_s
    if step < SHORTEST_STEP:
        raise ValueError(
            f"comes {step} seconds after the line before; sort the lines by time and leave at least"
            f" {SHORTEST_STEP} seconds between two"
        )
    span = price.unix_s - earlier[0].unix_s
    if span > LONGEST:
        raise ValueError(f"comes {span} seconds after the first line; keep a file within 366 days")
    first = earlier[0].price
    if not first / WIDEST < price.price < first * WIDEST:
        raise ValueError(
            f"price {price.price} is {WIDEST} times or more away from the first one, {first};"
            " split the file"
        )
