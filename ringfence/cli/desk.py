"""What the commands share: one chain, one market, one account, and errors of one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from ape.cli import ConnectedProviderCommand
from ape.logging import LogLevel, logger
from ape_node.provider import NodeSoftwareNotInstalledError

from ringfence.carried import contracts
from ringfence.cli import exits
from ringfence.cli.facts import Facts, tell
from ringfence.exceptions import DeadPrice, ManifestError, RingfenceError
from ringfence.manifest import Manifest, manifest_path, manifests_on
from ringfence.market import Market
from ringfence.reading import BlockReader
from ringfence.reasons import explained, first_line
from ringfence.registry import find_vault
from ringfence.standing import stands_on
from ringfence.vault_calls import VaultCalls
from ringfence.wording import change_lines

if TYPE_CHECKING:
    from ape.api import ProviderAPI, ReceiptAPI

    from ringfence.calls import Call
    from ringfence.snapshot import VaultState
    from ringfence.vault import Vault


MANIFESTS = Path("deployments")
KEPT_CHAIN = "ethereum:local:http://127.0.0.1:8545"


@contextmanager
def plainly() -> Iterator[None]:
    """Turn errors into one line and an exit code."""
    try:
        with explained():
            yield
    except DeadPrice as error:
        failure = click.ClickException(str(error))
        failure.exit_code = exits.STALE_PRICE
        raise failure from None
    except RingfenceError as error:
        raise click.ClickException(str(error)) from None
    except NodeSoftwareNotInstalledError:
        message = f"no chain answers at this --network; make chain keeps one at {KEPT_CHAIN}"
        raise click.ClickException(message) from None
    except OSError as error:
        raise click.ClickException(first_line(error)) from None


class Command(ConnectedProviderCommand):
    """A command on a chain, under which Ape keeps quiet unless it is asked for more."""

    def invoke(self, ctx: Any) -> Any:
        is_asked = logger.level < LogLevel.INFO
        with plainly(), logger.at_level(logger.level if is_asked else LogLevel.ERROR):
            return super().invoke(ctx)


# -- The market ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """A market on a chain, as seen by an account."""

    market: Market
    outlet: Any = None  # where calls go; None where nothing is sent
    form: str | None = None  # of what is read: for people, or JSON or CSV
    block: int | None = None  # as of which is read; None for the latest

    @property
    def account(self) -> Any:
        """Who sends the calls."""
        return self.outlet.account

    @cached_property
    def read(self) -> BlockReader:
        """Calls views as of the block that was asked for."""
        return BlockReader.at(self.market.provider, self.block)

    def tell(self, facts: Facts, lines: Iterable[str]) -> None:
        """Print what was read: `lines` for people, `facts` for programs."""
        tell(facts, lines, self.form)

    @property
    def quote(self) -> str:
        return self.market.quote

    def vault(self, name: str) -> Vault:
        """Return the vault that a label or an address names, whoever owns it."""
        return find_vault(self.market, name)

    def own_vault(self, name: str) -> Vault:
        """Return the vault that an address names, or a label among those that the account owns:
        money must not go where a stranger's label leads.
        """
        return find_vault(self.market, name, {str(self.account.address)})

    def snapshot(self, vault: Vault) -> tuple[VaultState, VaultState]:
        """Return a vault's state, and the same with interest until a transaction is mined."""
        state = vault.snapshot()
        return state, state.grown(self.outlet.horizon)

    def calls_of(self, vault: Vault) -> VaultCalls:
        """Return the calls that move a vault, for when and by whom they will be sent."""
        outlet = self.outlet
        return VaultCalls(vault.market, vault.contract, outlet.patience, outlet.is_later)

    def say(self, line: str) -> None:
        """Tell people what came of it."""
        self.outlet.say(line)

    def confirm(self, lines: Iterable[str]) -> None:
        """Show what will change, and ask."""
        self.outlet.confirm(lines)

    def carry_out(self, calls: Sequence[Call]) -> ReceiptAPI | None:
        """Send calls, or emit them; return the last receipt, or None if nothing was sent."""
        receipt: ReceiptAPI | None = self.outlet.take(calls, self.market)
        return receipt

    def confirm_change(self, what: Iterable[str], before: VaultState, after: VaultState) -> None:
        """Show what will be done and what changes with it, and ask."""
        self.confirm([*what, *change_lines(before, after, self.quote)])


def is_dying(provider: ProviderAPI) -> bool:
    """Tell whether the chain ends with this process."""
    has_process = getattr(provider, "process", None) is not None
    is_test = provider.network.is_local or provider.network.is_fork
    return bool(is_test and (provider.name == "test" or has_process))


def warn_of_death(provider: ProviderAPI) -> None:
    """Say which chain it is, if nothing that is sent to it lasts."""
    if is_dying(provider):
        click.echo(
            f"{provider.network_choice} lives only as long as this command: nothing lasts. A chain"
            f" that stays is kept by make chain; use it with --network {KEPT_CHAIN}",
            err=True,
        )


def load_market(provider: ProviderAPI, name: str | None, folder: Path) -> Market:
    """Return the market of this name, or the only one, on the connected chain."""
    if name is not None:
        return Market.load(contracts(), manifest_path(folder, provider.chain_id, name))
    paths = manifests_on(folder, provider.chain_id)
    if not paths:
        raise ManifestError(
            f"no market on {provider.network_choice}, chain {provider.chain_id}: deploy one with"
            " ringfence deploy CONFIG, or choose the network with --network"
        )
    standing = [path for path in paths if is_standing(provider, path)] if len(paths) > 1 else paths
    if len(standing) == 1:
        return Market.load(contracts(), standing[0])
    names = ", ".join(path.stem for path in standing or paths)
    if standing:
        raise ManifestError(f"chain {provider.chain_id} has several markets, add --market: {names}")
    raise ManifestError(
        f"none of the markets noted in {folder} stands on this chain, which may have been started"
        f" anew: {names}; deploy one again"
    )


def is_standing(provider: ProviderAPI, path: Path) -> bool:
    """Tell whether a manifest is that of a market on this chain; a torn one is of none."""
    try:
        return stands_on(provider.web3, Manifest.read(path))
    except ManifestError:
        return False
