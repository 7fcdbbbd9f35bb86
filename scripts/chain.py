"""Keep a chain with the demo market for hands-on use."""

import contextlib
from pathlib import Path

import click
from ape import accounts, networks, project
from ape.logging import LogLevel, logger
from ape.utils.testing import DEFAULT_TEST_CHAIN_ID

from ringfence.cli.desk import MANIFESTS, plainly
from ringfence.config import MarketConfig
from ringfence.deployment import deploy_market
from ringfence.exceptions import ManifestError, RingfenceError
from ringfence.manifest import Manifest, manifest_path
from ringfence.pool import Pool
from ringfence.standing import stands_at_home
from ringfence.units import format_number, to_base
from scripts._anvil import anvil, check_port, stay, until_stopped

CONFIG = Path(__file__).parent / "config" / "demo.toml"
PORT = 8545
REFRESH = 6 * 3_600  # [s] after which mock feeds say again what they said

DEPLOYER, LENDER = 0, 8
WALLETS = {6: "vault owner", 7: "another one", 8: "lender", 9: "liquidator"}
MONEY = {"USDC": 500_000, "WETH": 1_000, "WBTC": 20, "DAI": 200_000}  # for each of them
LENT = 1_000_000  # [asset]


@click.command(short_help="Keep a chain with the demo market")
@click.option("--port", default=PORT, show_default=True, help="Port on 127.0.0.1 to listen on.")
@click.option(
    "--manifests",
    type=click.Path(path_type=Path, file_okay=False),
    default=MANIFESTS,
    show_default=True,
    help="Folder for the manifest of the market.",
)
def cli(port, manifests):
    """Keep an Anvil with the demo market and funded accounts until Ctrl-C."""
    with plainly(), logger.at_level(LogLevel.ERROR):
        config = MarketConfig.load(CONFIG)
        path = manifest_path(manifests, DEFAULT_TEST_CHAIN_ID, config.name)
        check_port(port)
        check_free(path)
        with until_stopped(), anvil(port, DEFAULT_TEST_CHAIN_ID) as uri:
            network = f"ethereum:local:{uri}"
            with networks.parse_network_choice(network), until_stopped():
                keep(network, config, manifests)
    with contextlib.suppress(OSError):  # the terminal may be gone
        click.echo("The chain is stopped, and all that was on it is gone.")


def keep(network, config, manifests):
    """Deploy the market, give everybody money, and stay."""
    click.echo(f"{network} is up; deploying the market {config.name}.")
    deployer = accounts.test_accounts[DEPLOYER]
    market = deploy_market(project, deployer, config, manifests=manifests)
    try:
        fund(market)
        introduce(market, network)
        wait(market)
    finally:
        forget(manifest_path(manifests, market.manifest.chain_id, market.name), market.manifest)


def check_free(path):
    """Refuse to overwrite the only record of a market that stands on another local chain."""
    with contextlib.suppress(ManifestError):
        manifest = Manifest.read(path)
        if stands_at_home(manifest):
            raise RingfenceError(
                f"{path} is the record of a market that stands at {manifest.node}; stop that"
                " chain, or choose another folder with --manifests"
            )


def forget(path, manifest):
    """Remove a manifest, unless somebody has put another one in its place."""
    with contextlib.suppress(ManifestError):
        if Manifest.read(path) == manifest:
            path.unlink()


# -- The market ------------------------------------------------------------------------------------


def fund(market):
    """Give everybody money, and the pool something to lend."""
    for number in WALLETS:
        account = accounts.test_accounts[number]
        for symbol, amount in MONEY.items():
            token = market.token(symbol)
            token.mint(account, to_base(amount, token.decimals()), sender=account)
    lender = accounts.test_accounts[LENDER]
    market.asset.mint(lender, to_base(LENT, market.asset_decimals), sender=lender)
    Pool(market).deposit(LENT, lender)


def introduce(market, network):
    """Say what stands where, and what to type next."""
    click.echo(f"\nmarket {market.name}, chain {market.manifest.chain_id}")
    for part in market.manifest.contracts:
        click.echo(f"  {part.name:<15} {part.address}")
    click.echo("\naccounts")
    for number, role in {**roles(market), **WALLETS}.items():
        click.echo(f"  TEST::{number:<9} {accounts.test_accounts[number].address}  {role}")
    each = ", ".join(f"{format_number(amount)} {symbol}" for symbol, amount in MONEY.items())
    click.echo(f"  TEST::6 to TEST::9 have {each} each; the pool has {LENT:,} USDC to lend")
    click.echo("\nin another terminal, in this folder:\n  source .venv/bin/activate")
    for line in tour(network):
        click.echo(f"  {line}")
    click.echo("\nCtrl-C stops the chain.")


def roles(market):
    """Return who governs the market, by number of the test account."""
    named = {"deployer": DEPLOYER, **vars(market.config.roles)}
    named["market owner"] = named.pop("owner")
    return {number: role.replace("_", " ") for role, number in named.items()}


def tour(network):
    """Commands that show it all, from opening a vault to liquidating it."""
    chain = f"--network {network}"
    owner = f"{chain} --account TEST::6"
    yield f"ape run vault open alpha {owner}"
    yield f"ape run vault deposit alpha 100 WETH {owner}"
    yield f"ape run vault borrow alpha 14,000 USDC {owner}"
    yield f"ape run vault show alpha {chain}"
    yield f"ape run vault withdraw alpha 50 WETH {owner}"
    yield f"ape run price WETH 155 {owner}"
    yield f"ape run liquidate alpha {chain} --account TEST::9"
    yield f"ape run pool show {chain}"


def wait(market):
    """Stay until the chain ends, and keep the prices of the mock feeds alive."""
    keeper = accounts.test_accounts[DEPLOYER]

    def refresh():
        for feed in market.feeds.values():
            feed.set_answer(feed.answer(), sender=keeper)

    stay(market.provider, REFRESH, refresh, "make chain")
