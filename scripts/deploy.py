"""Deploy a market from a config file."""

from pathlib import Path

import click
from ape import project

from ringfence.config import MarketConfig
from ringfence.deployment import check_site, deploy_market
from ringfence.exceptions import ManifestError, RingfenceError
from ringfence.manifest import Manifest, manifest_path
from ringfence.standing import stands_at_home, stands_on
from ringfence.units import format_number, format_span
from scripts._desk import (
    Command,
    confirm,
    is_dying,
    manifests_option,
    sender,
    sender_option,
    warn_of_death,
    yes_option,
)


@click.command(cls=Command, short_help="Deploy a market")
@click.argument("config_path", metavar="CONFIG", type=click.Path(exists=True, path_type=Path))
@sender_option
@manifests_option
@yes_option
@click.option(
    "--replace", is_flag=True, help="Forget a market of this name that stands or was begun already."
)
@click.pass_context
def cli(ctx, provider, config_path, account, manifests, yes, replace):
    """Deploy the market that CONFIG describes, and hand it to those who govern it.

    The manifest of the market, DIR/CHAIN/NAME.json, tells the other commands where it stands. For
    a chain that ends with this command none is written, unless --manifests is given.
    """
    account = sender(account, yes)
    config = MarketConfig.load(config_path)
    warn_of_death(provider)
    is_asked_for = ctx.get_parameter_source("manifests") is click.core.ParameterSource.COMMANDLINE
    folder = manifests if is_asked_for or not is_dying(provider) else None
    if folder is not None and not replace:
        check_free(manifest_path(folder, provider.chain_id, config.name), provider)
    unfinished = check_site(project, account, config, folder, anew=replace)

    for line in summary(config):
        click.echo(line)
    if unfinished is not None:
        click.echo(f"  goes on with what was begun: {len(unfinished.contracts)} contracts stand")
    confirm(f"Deploy it to {provider.network_choice} from {account.address}?", yes)
    market = deploy_market(
        project, account, config, report=click.echo, manifests=folder, anew=replace
    )
    click.echo(f"market {market.name} stands; its factory is {market.factory.address}")


def check_free(path, provider):
    """Refuse to overwrite the only record of a market that stands."""
    try:
        manifest = Manifest.read(path)
    except ManifestError:
        return
    if manifest.is_complete and (stands_on(provider.web3, manifest) or stands_at_home(manifest)):
        raise RingfenceError(
            f"market {manifest.market} stands already on chain {manifest.chain_id}, says {path};"
            " choose another market.name, or add --replace to forget it"
        )


def summary(config):
    """Say what will be deployed."""
    yield f"market {config.name}, values in {config.quote}, notice {format_span(config.notice)}"
    asset = config.credit_asset
    yield f"  lends {asset.symbol} {'(mock)' if asset.is_mock else asset.address}"
    for token in config.tokens:
        initial, maintenance = (
            format_number(ltv * 100) for ltv in (token.initial_ltv, token.maintenance_ltv)
        )
        yield f"  against {token.symbol}, initial LTV {initial} %, maintenance LTV {maintenance} %"
    for role, ref in vars(config.roles).items():
        yield f"  {role.replace('_', ' ')}: {describe(ref)}"


def describe(ref):
    """Say who fills a role."""
    if ref is None:
        return "the deployer"
    return f"test account {ref}" if isinstance(ref, int) else ref
