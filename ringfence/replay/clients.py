"""Who plays in the replay and what they do: all numbers of the story are here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from ringfence.replay.prices import CLOSES, Price

# Test accounts; the first six govern the market, see scripts/config/demo.toml.
DEPLOYER, HOUSE = 0, 1
LIQUIDATOR, FEED_KEEPER = 12, 13

LENDERS = {10: Decimal(600_000), 11: Decimal(400_000)}  # account -> deposit [USDC]
INSURANCE_CASH = Decimal(500)  # [USDC]
LIQUIDATORS_CASH = Decimal(30_000)  # [USDC] they bring to each vault at each price
STORM = 2  # prices during which no liquidator gets a transaction into a block
DIP_STEP = Decimal(100)  # [USDC] to which the over-leveraged owner rounds the last loan down


@dataclass(frozen=True)
class Client:
    """One vault and what its owner does with it."""

    label: str
    account: int
    deposits: Mapping[str, Decimal]  # symbol -> whole tokens, at the first price
    borrows: Decimal = Decimal(0)  # [USDC] at the first price
    is_house: bool = False
    buys_the_dip: bool = False  # borrows all it can just before the worst fall


CLIENTS = (
    Client("careful", 6, {"WETH": Decimal(400), "WBTC": Decimal(2)}, Decimal(20_000)),
    Client("leveraged", 7, {"WETH": Decimal(2_000), "DAI": Decimal(250_000)}, Decimal(460_000)),
    Client("over-leveraged", 8, {"WETH": Decimal(300)}, Decimal(20_000), buys_the_dip=True),
    Client(
        "debt-free",
        8,
        {"WETH": Decimal(50), "WBTC": Decimal("0.75"), "DAI": Decimal(12_500)},
    ),
    Client("mixed", 9, {"WBTC": Decimal(4), "DAI": Decimal(30_000)}, Decimal(25_000)),
    Client(
        "house",
        HOUSE,
        {"USDC": Decimal(50_000), "WETH": Decimal(300)},
        Decimal(15_000),
        is_house=True,
    ),
)


def clients_at(first_price: Decimal) -> tuple[Client, ...]:
    """Return the clients, whose WETH is worth the same dollars at any first price."""
    scale = Decimal(CLOSES.split()[0]) / first_price
    return tuple(_scaled(client, scale) for client in CLIENTS)


def _scaled(client: Client, scale: Decimal) -> Client:
    deposits = {
        symbol: (amount * scale).quantize(Decimal("0.0001"), ROUND_DOWN)
        if symbol == "WETH"
        else amount
        for symbol, amount in client.deposits.items()
    }
    return Client(**(vars(client) | {"deposits": deposits}))


@dataclass(frozen=True)
class Plot:
    """What happens when, as positions in the list of prices."""

    dip: int  # the over-leveraged owner borrows to the limit
    storm: range  # no liquidation gets through


def plot_of(prices: Sequence[Price]) -> Plot:
    """Place the last loan just before the deepest fall that a storm can cover.

    The client does not know what comes; the story does.
    """
    span = min(STORM + 1, len(prices) - 1)
    dip = min(
        range(len(prices) - span),
        key=lambda at: prices[at + span].price / prices[at].price,
    )
    return Plot(dip, range(dip + 1, dip + span))
