"""What commands take beside their arguments, and the desk that they get for it."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from ape.api import TestAccountAPI
from ape.api.address import Address
from ape.cli import AccountAliasPromptChoice
from eth_utils.address import to_checksum_address

from ringfence.cli.desk import MANIFESTS, Desk, load_market, warn_of_death
from ringfence.cli.facts import CSV, JSON
from ringfence.cli.outlets import Outlet, Printing, SafeFile, Sending, Telling
from ringfence.cli.words import ADDRESS

if TYPE_CHECKING:
    from ape.api import ProviderAPI

Action = Callable[..., None]  # a command, which click calls with what was typed

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
sender_option = click.option(
    "--account",
    type=AccountAliasPromptChoice(),
    help="Who signs and pays: an alias of ape accounts list, or TEST::0, TEST::1 … of a local one.",
)
block_option = click.option("--block", type=int, help="Read as of this block; the latest if not.")
json_option = click.option(
    "--json", "form", flag_value=JSON, help="Print JSON: what was read, or what was mined."
)
csv_option = click.option("--csv", "form", flag_value=CSV, help="Print CSV likewise.")
populate_option = click.option(
    "--populate", is_flag=True, help="Print the calls as JSON; send nothing."
)
safe_option = click.option(
    "--safe",
    "batch",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the calls to FILE, for the Transaction Builder of a Safe; send nothing.",
)
from_option = click.option(
    "--from",
    "by",
    type=ADDRESS,
    help="Who will send what is printed or written, such as a Safe; the account unless given.",
)


def reads(action: Action) -> Action:
    """Give a command a desk that sends nothing."""

    def command(
        provider: ProviderAPI,
        name: str | None,
        manifests: Path,
        block: int | None,
        form: str | None,
        **kwargs: Any,
    ) -> None:
        warn_of_death(provider)
        market = load_market(provider, name, manifests)
        action(Desk(market, form=form, block=block_of(provider, block)), **kwargs)

    options = (market_option, manifests_option, block_option, json_option, csv_option)
    return _with(options, command, action)


def writes(action: Action) -> Action:
    """Give a command a desk with an outlet for its calls."""

    def command(
        provider: ProviderAPI,
        name: str | None,
        manifests: Path,
        account: Any,
        yes: bool,
        populate: bool,
        batch: Path | None,
        by: str | None,
        form: str | None,
        **kwargs: Any,
    ) -> None:
        warn_of_death(provider)
        outlet = outlet_of(account, yes, populate, batch, by, form)
        action(Desk(load_market(provider, name, manifests), outlet), **kwargs)

    options = (market_option, manifests_option, sender_option, yes_option)
    emitting = (populate_option, safe_option, from_option)
    return _with((*options, json_option, csv_option, *emitting), command, action)


def _with(options: Sequence[Any], command: Action, action: Action) -> Action:
    """Name a command like the action that it stands for, and give it options.

    Ape hands it the provider because its own signature says so.
    """
    functools.update_wrapper(command, action)
    del command.__wrapped__  # type: ignore[attr-defined]
    for option in reversed(options):
        command = option(command)
    return command


def block_of(provider: ProviderAPI, block: int | None, option: str = "--block") -> int:
    """Return the block as of which all is read; refuse one that is not there yet."""
    head = int(provider.get_block("latest").number or 0)
    if block is None:
        return head
    if not 0 <= block <= head:
        raise click.UsageError(f"{option} {block} is not on this chain, whose latest is {head}.")
    return block


def outlet_of(
    account: Any,
    yes: bool,
    populate: bool,
    batch: Path | None,
    by: str | None,
    form: str | None,
) -> Outlet:
    """Return where the calls of a command go."""
    if populate and batch:
        raise click.UsageError("--populate and --safe exclude each other.")
    if not populate and batch is None:
        if by:
            raise click.UsageError("--from goes with --populate or --safe; --account signs.")
        account = sender(account, yes)
        if form is None:
            return Sending(account, yes)
        check_unattended(account, yes, form)
        telling = Telling(account, yes, form)
        click.get_current_context().call_on_close(telling.tell)
        return telling
    if form:
        raise click.UsageError("--json and --csv tell what was mined, and here nothing is sent.")
    if by is None and account is None:
        raise click.UsageError("Say who will send it with --from ADDRESS.")
    who = account if by is None else Address(to_checksum_address(by))
    return Printing(who) if batch is None else SafeFile(who, batch)


def check_unattended(account: Any, yes: bool, form: str | None) -> None:
    """Refuse to ask where a program reads."""
    if form is None:
        return
    if not yes:
        raise click.UsageError("Add -y: with --json or --csv nobody is asked.")
    if not isinstance(account, TestAccountAPI) and not passphrase_of(account):
        raise click.UsageError(
            f"Set APE_ACCOUNTS_{account.alias}_PASSPHRASE: with --json or --csv nobody is asked."
        )


def passphrase_of(account: Any) -> str | None:
    """Return what unlocks an account unattended, if the environment has it."""
    return os.environ.get(f"APE_ACCOUNTS_{getattr(account, 'alias', None)}_PASSPHRASE")


def sender(account: Any, yes: bool) -> Any:
    """Return the account that signs; unattended, with its passphrase from the environment."""
    if account is None:
        raise click.UsageError(
            "Missing option '--account'. Local chains have TEST::0, TEST::1 and so on; others are"
            " listed by ape accounts list."
        )
    if yes and passphrase_of(account):
        account.set_autosign(True)
    return account
