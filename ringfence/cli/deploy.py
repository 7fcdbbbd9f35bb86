"""Deploy a market from a config file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from ape import accounts

from ringfence.building import is_fresh, rebuild
from ringfence.carried import contracts
from ringfence.cli.desk import Command, is_dying, warn_of_death
from ringfence.cli.facts import tell
from ringfence.cli.options import (
    check_unattended,
    csv_option,
    json_option,
    manifests_option,
    sender,
    sender_option,
    yes_option,
)
from ringfence.cli.outlets import confirm
from ringfence.cli.words import CONFIG
from ringfence.config import MarketConfig
from ringfence.deployment import (
    check_site,
    deploy_market,
    findings,
    plan_market,
    rehearsed_gas,
    resolved,
    write_verification,
)
from ringfence.deployment.telling import Rehearsed, finding_lines, plan_facts, plan_lines
from ringfence.manifest import manifest_path
from ringfence.market import Market
from ringfence.units import format_number, format_span, from_base

if TYPE_CHECKING:
    from ape.api import ProviderAPI

    from ringfence.config import AccountRef
    from ringfence.deployment.plan import Plan

ETHER_DECIMALS = 18


@click.command(cls=Command, short_help="Deploy a market")
@click.argument("config_path", metavar="CONFIG", type=CONFIG)
@sender_option
@manifests_option
@yes_option
@click.option(
    "--replace", is_flag=True, help="Forget a market of this name that stands or was begun already."
)
@click.option("--plan", "mode", flag_value="plan", help="Say what would be done; send nothing.")
@click.option("--check", "mode", flag_value="check", help="Compare what stands with CONFIG.")
@click.option(
    "--verification",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write what block explorers ask for to show the sources of what stands.",
)
@json_option
@csv_option
@click.pass_context
def cli(
    ctx: Any,
    provider: ProviderAPI,
    config_path: Path,
    account: Any,
    manifests: Path,
    yes: bool,
    replace: bool,
    mode: str | None,
    verification: Path | None,
    form: str | None,
) -> None:
    """Deploy the market that CONFIG describes, and hand it to those who govern it.

    CONFIG is a file, or the name of a configuration that comes with the package, such as demo.

    The manifest of the market, DIR/CHAIN/NAME.json, tells the other commands where it stands; each
    step is noted in it, so a run that was interrupted goes on when it is started again. For a chain
    that ends with this command none is written, unless --manifests is given.
    """
    chosen = [name for name, it in (("--verification", verification), ("--replace", replace)) if it]
    if len(chosen) + (mode is not None) > 1 and not (mode == "plan" and chosen == ["--replace"]):
        raise click.UsageError("--plan, --check, --verification and --replace exclude each other.")
    config = MarketConfig.load(config_path)
    warn_of_death(provider)
    project = contracts()
    compile_if_needed(project)
    path = manifest_path(manifests, provider.chain_id, config.name)
    if mode == "check":
        check(Market.load(project, path, config), config, form)
        return
    if verification is not None:
        files = list(map(str, write_verification(Market.load(project, path), verification)))
        tell([{"file": it} for it in files], files, form)
        return
    account = sender(account, yes)
    is_asked_for = ctx.get_parameter_source("manifests") is click.core.ParameterSource.COMMANDLINE
    folder = manifests if is_asked_for or not is_dying(provider) else None
    if mode == "plan":
        tell_plan(plan_market(project, account, config, folder, replace), project, account, form)
        return
    market = build(project, account, config, folder, replace, yes, form)
    done = f"market {market.name} stands; its factory is {market.factory.address}"
    tell(asdict(market.manifest), [done], form)


def build(
    project: Any,
    account: Any,
    config: MarketConfig,
    folder: Path | None,
    anew: bool,
    yes: bool,
    form: str | None,
) -> Market:
    """Say what will be deployed, ask, and deploy it."""
    check_unattended(account, yes, form)
    say = partial(click.echo, err=form is not None)  # a program gets nothing else
    unfinished = check_site(project, account, config, folder, anew=anew)
    for line in summary(config):
        say(line)
    if unfinished is not None:
        say(f"  goes on with what was begun: {len(unfinished.contracts)} contracts stand")
    network = project.provider.network_choice
    confirm(f"Deploy it to {network} from {account.address}?", yes)
    return deploy_market(project, account, config, report=say, manifests=folder, anew=anew)


def compile_if_needed(project: Any) -> None:
    """What is deployed is what the sources say, if there are any."""
    if not is_fresh(project.path):
        click.echo("compiling: the sources have changed since they were compiled", err=True)
        rebuild(project)


def tell_plan(plan: Plan, project: Any, account: Any, form: str | None) -> None:
    """Print what a deployment would do and cost."""
    balance = format_number(from_base(account.balance, ETHER_DECIMALS))
    has_begun = plan.first_nonce < account.nonce
    rehearsed = Rehearsed(plan, rehearsed_gas(project, plan), project.provider.gas_price)
    names = {
        it.contract: [
            arg.name for arg in getattr(project, it.contract).contract_type.constructor.inputs
        ]
        for it in plan.creations
    }
    lines = [*plan_lines(rehearsed, names), f"the deployer has {balance} ETH"]
    if has_begun:
        lines.insert(0, "goes on with what was begun: some of this is done already")
    tell(plan_facts(rehearsed, names), lines, form)


def check(market: Market, config: MarketConfig, form: str | None) -> None:
    """Print what is not as configured; exit with 1 if anything is not."""
    roles = resolved(config.roles, market.manifest.deployer, accounts.test_accounts)
    found = list(findings(market, config, roles))
    wrong = list(finding_lines(found))
    told = f"{len(found)} things looked at, {len(wrong)} not as configured"
    facts = [{**asdict(it), "is_as_expected": it.is_as_expected} for it in found]
    tell(facts, [*wrong, told], form)
    if wrong:
        raise click.exceptions.Exit(1)


def summary(config: MarketConfig) -> Iterator[str]:
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


def describe(ref: AccountRef) -> str:
    """Say who fills a role."""
    if ref is None:
        return "the deployer"
    return f"test account {ref}" if isinstance(ref, int) else ref
