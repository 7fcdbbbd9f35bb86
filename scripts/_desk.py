"""What the commands share: one chain, one market, one account, and errors of one line."""

import functools
import os
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from ape import project
from ape.api.address import Address
from ape.cli import ConnectedProviderCommand, account_option
from ape.logging import LogLevel, logger
from ape_node.provider import NodeSoftwareNotInstalledError
from eth_utils import is_address, to_checksum_address

from ringfence.exceptions import AmountError, ManifestError, RingfenceError
from ringfence.manifest import Manifest, manifest_path, manifests_on
from ringfence.market import Market
from ringfence.reasons import explained, first_line, refusal
from ringfence.registry import find_vault
from ringfence.standing import stands_on
from ringfence.units import (
    Amount,
    UnitError,
    parse_amount,
    parse_ratio,
    to_base,
)
from ringfence.wording import amount_text, change_lines
from scripts._outlets import Printing, SafeFile, Sending

MANIFESTS = Path("deployments")
PATIENCE = 300  # [s] for which a preview shall hold: about what a person and a chain take
KEPT_CHAIN = "ethereum:local:http://127.0.0.1:8545"


@contextmanager
def plainly():
    """Turn errors into one line and exit code 1."""
    try:
        with explained():
            yield
    except RingfenceError as error:
        raise click.ClickException(str(error)) from None
    except NodeSoftwareNotInstalledError:
        message = f"no chain answers at this --network; make chain keeps one at {KEPT_CHAIN}"
        raise click.ClickException(message) from None
    except OSError as error:
        raise click.ClickException(first_line(error)) from None


class Command(ConnectedProviderCommand):
    """A command on a chain, under which Ape keeps quiet unless it is asked for more."""

    def invoke(self, ctx):
        is_asked = logger.level < LogLevel.INFO
        with plainly(), logger.at_level(logger.level if is_asked else LogLevel.ERROR):
            return super().invoke(ctx)


# -- The market ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """A market on a chain, as seen by an account."""

    market: Market
    outlet: Any = None  # where calls go; None where nothing is sent

    @property
    def account(self):
        """Who sends the calls."""
        return self.outlet.account

    @property
    def quote(self):
        return self.market.quote

    def vault(self, name):
        """Return the vault that a label or an address names, whoever owns it."""
        return find_vault(self.market, name)

    def own_vault(self, name):
        """Return the vault that an address names, or a label among those that the account owns:
        money must not go where a stranger's label leads.
        """
        return find_vault(self.market, name, self.account.address)

    def snapshot(self, vault):
        """Return a vault's state, and the same with interest until a transaction is mined."""
        state = vault.snapshot()
        return state, state.grown(PATIENCE)

    def confirm(self, lines):
        """Show what will change, and ask."""
        self.outlet.confirm(lines)

    def carry_out(self, calls):
        """Send calls, or emit them; return the last receipt, or None if nothing was sent."""
        return self.outlet.take(calls, self.market.provider)

    def confirm_change(self, what, before, after):
        """Show what will be done and what changes with it, and ask."""
        self.confirm([*what, *change_lines(before, after, self.quote)])


def is_dying(provider):
    """Tell whether the chain ends with this process."""
    has_process = getattr(provider, "process", None) is not None
    return provider.network.is_local and (provider.name == "test" or has_process)


def warn_of_death(provider):
    """Say which chain it is, if nothing that is sent to it lasts."""
    if is_dying(provider):
        click.echo(
            f"{provider.network_choice} lives only as long as this command: nothing lasts. A chain"
            f" that stays is kept by make chain; use it with --network {KEPT_CHAIN}"
        )


def load_market(provider, name, folder):
    """Return the market of this name, or the only one, on the connected chain."""
    if name is not None:
        return Market.load(project, manifest_path(folder, provider.chain_id, name))
    paths = manifests_on(folder, provider.chain_id)
    if not paths:
        raise ManifestError(
            f"no market on {provider.network_choice}, chain {provider.chain_id}: deploy one with"
            " ape run deploy CONFIG, or choose the network with --network"
        )
    standing = [path for path in paths if is_standing(provider, path)] if len(paths) > 1 else paths
    if len(standing) == 1:
        return Market.load(project, standing[0])
    names = ", ".join(path.stem for path in standing or paths)
    if standing:
        raise ManifestError(f"chain {provider.chain_id} has several markets, add --market: {names}")
    raise ManifestError(
        f"none of the markets noted in {folder} stands on this chain, which may have been started"
        f" anew: {names}; deploy one again"
    )


def is_standing(provider, path):
    """Tell whether a manifest is that of a market on this chain; a torn one is of none."""
    try:
        return stands_on(provider.web3, Manifest.read(path))
    except ManifestError:
        return False


# -- Options ---------------------------------------------------------------------------------------

manifests_option = click.option(
    "--manifests",
    type=click.Path(path_type=Path, file_okay=False),
    default=MANIFESTS,
    show_default=True,
    help="Folder with the manifests of deployed markets.",
)
market_option = click.option(
    "--market", "name", metavar="NAME", help="Market to use; not needed if there is only one."
)
yes_option = click.option("-y", "--yes", is_flag=True, help="Do not ask before sending.")
sender_option = account_option("--account", prompt=None)


def reads(action):
    """Give a command a desk that sends nothing."""

    @market_option
    @manifests_option
    @functools.wraps(action)
    def command(*args, provider, name, manifests, **kwargs):
        warn_of_death(provider)
        desk = Desk(load_market(provider, name, manifests))
        return action(desk, *args, **kwargs)

    return _asking_for_provider(command)


def writes(action):
    """Give a command a desk with an account that sends."""

    @market_option
    @manifests_option
    @sender_option
    @yes_option
    @click.option("--populate", is_flag=True, help="Print the calls as JSON; send nothing.")
    @click.option(
        "--safe",
        "batch",
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write the calls to FILE, for the Transaction Builder of a Safe; send nothing.",
    )
    @click.option(
        "--from",
        "by",
        type=AddressWord(),
        help="Who will send what is printed or written, such as a Safe; the account unless given.",
    )
    @functools.wraps(action)
    def command(*args, provider, name, manifests, account, yes, populate, batch, by, **kwargs):
        warn_of_death(provider)
        outlet = outlet_of(account, yes, populate, batch, by)
        desk = Desk(load_market(provider, name, manifests), outlet)
        return action(desk, *args, **kwargs)

    return _asking_for_provider(command)


def _asking_for_provider(command):
    """Ape hands a command the provider if its signature says so."""
    del command.__wrapped__
    return command


def outlet_of(account, yes, populate, batch, by):
    """Return where the calls of a command go."""
    if populate and batch:
        raise click.UsageError("--populate and --safe exclude each other.")
    if not populate and batch is None:
        if by:
            raise click.UsageError("--from goes with --populate or --safe; --account signs.")
        return Sending(sender(account, yes), yes)
    if by is None and account is None:
        raise click.UsageError("Say who will send it with --from ADDRESS.")
    who = account if by is None else Address(by)
    return Printing(who) if populate else SafeFile(who, batch)


def sender(account, yes):
    """Return the account that signs; unattended, with its passphrase from the environment."""
    if account is None:
        raise click.UsageError(
            "Missing option '--account'. Local chains have TEST::0 to TEST::19; others are listed"
            " by ape accounts list."
        )
    alias = getattr(account, "alias", None)
    if yes and alias and os.environ.get(f"APE_ACCOUNTS_{alias}_PASSPHRASE"):
        account.set_autosign(True)
    return account


def confirm(question, yes):
    """Ask, unless told not to; a no ends the command with exit code 1."""
    if not yes:
        click.confirm(question, abort=True)


# -- Amounts ---------------------------------------------------------------------------------------


class AmountWords(click.ParamType):
    """An amount in one word or two: 10, "10 WETH", max."""

    name = "amount"

    def convert(self, value, param, ctx):
        if isinstance(value, Amount):
            return value
        try:
            return parse_amount(value)
        except UnitError as error:
            self.fail(str(error), param, ctx)


class AddressWord(click.ParamType):
    """An address in hex."""

    name = "address"

    def convert(self, value, param, ctx):
        if not is_address(value):
            self.fail(f'"{value}" is no address', param, ctx)
        return to_checksum_address(value)


class ShareWords(click.ParamType):
    """A share from 0 to 100 %."""

    name = "share"

    def convert(self, value, param, ctx):
        if isinstance(value, Decimal):
            return value
        try:
            share = parse_ratio(value)
        except UnitError as error:
            self.fail(str(error), param, ctx)
        if not 0 <= share <= 1:
            self.fail(f'"{value}" is not from 0 to 100 %', param, ctx)
        return share


def amount_argument(command):
    """Add the argument AMOUNT, which may stand without quotes."""

    def joined(ctx, param, value):
        return AmountWords().convert(" ".join(value), param, ctx)

    return click.argument("amount", nargs=-1, required=True, callback=joined, metavar="AMOUNT...")(
        command
    )


def units_of(amount, symbol, decimals, most):
    """Return an amount in base units; "max" is `most`, which must not be nothing."""
    if amount.symbol is not None and amount.symbol.lower() != symbol.lower():
        raise AmountError(f"{amount} is not an amount of {symbol}")
    if not amount.is_max:
        return to_base(amount.number, decimals)
    return most


def refuse(reason, most, decimals, symbol):
    """Raise the refusal of a reason with the largest amount that passes."""
    refuse_saying(reason, largest(most, decimals, symbol))


def largest(most, decimals, symbol):
    """Say which is the largest amount that passes."""
    if most == 0:
        return "no amount passes now"
    return f"at most {amount_text(most, decimals, symbol)} passes now"


def refuse_saying(reason, what_passes):
    """Raise the refusal of a reason, and say what would pass."""
    error = refusal(reason)
    raise type(error)(reason, f"{error.advice}; {what_passes}")


def check_wallet(held, wanted, decimals, symbol):
    """Refuse to send more than is there."""
    if held == 0:
        raise AmountError(f"there is no {symbol} to send")
    if wanted > held:
        has = amount_text(held, decimals, symbol)
        raise AmountError(f"there is only {has} to send; give at most that")
