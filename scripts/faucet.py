"""Give an account money to play with, on a chain of one's own."""

from decimal import Decimal
from pathlib import Path

import click
from ape import accounts, project
from eth_utils import is_address, to_checksum_address

from ringfence.cli.desk import Command
from ringfence.config import MarketConfig
from ringfence.exceptions import RingfenceError
from ringfence.standing import is_own_chain
from ringfence.units import format_number
from scripts._standins import CONFIG, give

COINS = Decimal(10)
WORTH = Decimal(100_000)  # [quote currency] of each token


@click.command(cls=Command, short_help="Give an account money to play with")
@click.argument("who", metavar="ACCOUNT")
@click.option(
    "--config",
    "path",
    type=click.Path(exists=True, path_type=Path),
    default=CONFIG,
    help="Configuration that names the tokens; that of Sepolia unless given.",
)
def cli(provider, who, path):
    """Give ACCOUNT, an alias or an address, coins for gas and some of each token of a market.

    It works on chains that make testnet keeps. On the real Sepolia faucets do it.
    """
    if not is_own_chain(provider):
        raise RingfenceError(
            f"on {provider.network_choice} money can not be made up; ask a faucet of that network"
        )
    config = MarketConfig.load(path)
    address = address_of(who)
    amounts = {it.symbol: whole(WORTH / price(config, it)) for it in config.tokens}
    give(project, config, address, COINS, amounts)
    each = ", ".join(f"{format_number(amount)} {symbol}" for symbol, amount in amounts.items())
    click.echo(f"{address} has {format_number(COINS)} coins for gas, and got {each}")


def address_of(who):
    """Return the address that an alias of Ape's, or the address itself, names."""
    if is_address(who):
        return to_checksum_address(who)
    if who not in accounts.aliases:
        raise RingfenceError(
            f"there is no account {who}; ape accounts list shows those there are, and ape accounts"
            f" generate {who} makes one"
        )
    return accounts.load(who).address


def price(config, token):
    """Return about what a whole token costs."""
    feed = config.feeds.get(token.symbol)
    return Decimal(1) if feed is None else feed.price


def whole(amount):
    """Round to whole tokens."""
    return amount.to_integral_value()
