"""Keep a chain that passes for Sepolia, to rehearse on."""

import contextlib
from functools import partial

import click
from ape import networks, project
from ape.logging import LogLevel, logger

from ringfence.cli.desk import plainly
from ringfence.config import MarketConfig
from scripts._anvil import anvil, check_port, stay, until_stopped
from scripts._standins import CONFIG, put_in_place, refresh

CHAIN_ID = 11_155_111
PORT = 8546
REFRESH = 30 * 60  # [s] after which feeds say again what they said: well within each heartbeat


@click.command(short_help="Keep a chain that passes for Sepolia")
@click.option("--port", default=PORT, show_default=True, help="Port on 127.0.0.1 to listen on.")
@click.option(
    "--block-time", default=1.0, show_default=True, help="Seconds from one block to the next."
)
def cli(port, block_time):
    """Keep an Anvil with the chain id of Sepolia until Ctrl-C.

    The tokens and feeds that scripts/config/sepolia.toml names stand at their addresses; they are
    mocks, so ape run faucet gives money and ape run price moves prices. All else is as it is on the
    real one: accounts of your own sign, blocks come at intervals, transactions are confirmed.
    """
    with plainly(), logger.at_level(LogLevel.ERROR):
        config = MarketConfig.load(CONFIG)
        check_port(port)
        with until_stopped(), anvil(port, CHAIN_ID, "--block-time", str(block_time)) as uri:
            network = f"ethereum:sepolia:{uri}"
            with networks.parse_network_choice(network), until_stopped():
                put_in_place(project, config)
                introduce(network)
                refreshed = partial(refresh, project, config)
                stay(project.provider, REFRESH, refreshed, "make testnet")
    with contextlib.suppress(OSError):  # the terminal may be gone
        click.echo("The chain is stopped, and all that was on it is gone.")


def introduce(network):
    """Say what to type next."""
    click.echo(f"{network} is up and passes for Sepolia. In another terminal, in this folder:")
    click.echo("  source .venv/bin/activate")
    for line in tour(network):
        click.echo(f"  {line}")
    click.echo("Ctrl-C stops the chain.")


def tour(network):
    """Commands that take a market from nothing to a loan."""
    yield f'export ON="--network={network}"'  # one word: zsh does not split variables
    for who in ("deployer", "client"):
        yield f"ape accounts generate {who}"
        yield f"ape run faucet {who} $ON"
    yield "ape run deploy scripts/config/sepolia.toml $ON --account deployer --plan"
    yield "ape run deploy scripts/config/sepolia.toml $ON --account deployer"
    yield "ape run pool deposit 10,000 USDC $ON --account deployer"
    yield "ape run vault open alpha $ON --account client"
    yield "ape run vault deposit alpha 5 WETH $ON --account client"
    yield "ape run vault borrow alpha 2,000 USDC $ON --account client"
    yield "ape run vault show alpha $ON"
