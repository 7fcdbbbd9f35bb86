"""The vaults of a market as its factory announced them, and how a person's words find one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from eth_utils.address import is_address, to_checksum_address

from ringfence.exceptions import RingfenceError
from ringfence.lens import LensRow, ask
from ringfence.market import Market, label_bytes, label_text
from ringfence.reading import BlockReader
from ringfence.reasons import explained
from ringfence.units import from_base
from ringfence.vault import CLASSES, Vault

if TYPE_CHECKING:
    from ape.types import ContractLog


MOST_NAMED = 5  # vaults in one message
STATUSES = ("ok", "not a vault", "price dead", "unreadable")


@dataclass(frozen=True)
class MarginRow:
    """What the lens says about one vault."""

    vault: str
    status: str  # one of `STATUSES`
    dead_token: str | None  # symbol
    debt: Decimal | None  # [asset] None if it cannot be told
    health: int | None  # [WAD] None likewise


@dataclass(frozen=True)
class Opening:
    """How a vault came to be; the owner is the first one, unless said otherwise."""

    vault: str
    owner: str
    label: str
    fund_class: str
    id: int

    def __str__(self) -> str:
        return f"{self.label} of {self.owner} at {self.vault}"


def openings(market: Market, label: str | None = None, block: int | None = None) -> list[Opening]:
    """Return the vaults that were opened, by id: all of them, or those under one label; up to a
    block, the latest unless told.
    """
    topics: dict[str, Any] = {} if label is None else {"label": label_bytes(label)}
    first = next(part.block for part in market.manifest.contracts if part.name == "factory")
    with explained():
        head = BlockReader.at(market.provider, block).number
        if head < first:
            return []
        logs = market.factory.VaultOpened.range(first, head + 1, search_topics=topics)
        return sorted((_opening(log) for log in logs), key=lambda opening: opening.id)


def margins(market: Market, vaults: Sequence[str], block: int | None = None) -> list[MarginRow]:
    """Return the margin state of many vaults, through the lens, in the same order and all as of one
    block, the latest unless told.
    """
    with explained():
        read = BlockReader.at(market.provider, block)
        return [_row(market, row) for row in ask(read, market.lens, vaults)]


def listed(market: Market, block: int | None = None) -> list[tuple[Opening, MarginRow]]:
    """Return every vault with its margin state, by id, as of one block, the latest unless told."""
    block = BlockReader.at(market.provider, block).number
    opened = openings(market, block=block)
    rows = margins(market, [opening.vault for opening in opened], block)
    return list(zip(opened, rows, strict=True))


def find_vault(market: Market, name: str, owners: Collection[str] | None = None) -> Vault:
    """Return the vault at an address or under a label.

    Anyone may open a vault of any label for anyone, so a label alone says nothing about the owner.
    :param owners: by label, take only a vault that one of these accounts owns now; None takes
        anybody's.
    :raises RingfenceError: if there is none, or the label does not say which.
    """
    if is_address(name):
        return Vault.at(market, to_checksum_address(name))

    found = [_as_owned_now(market, opening) for opening in openings(market, name)]
    chosen = [it for it in found if owners is None or it.owner in owners]
    if len(chosen) == 1:
        return Vault(market, market.vault_at(chosen[0].vault))
    if chosen:
        raise RingfenceError(
            f'several vaults are called "{name}", give an address: {_each(chosen)}'
        )
    if found:
        raise RingfenceError(
            f'{_nobody(owners or ())} vault "{name}"; give the address of the one that is meant:'
            f" {_each(found)}"
        )
    raise RingfenceError(
        f'market {market.name} has no vault "{name}"; list them with ringfence vault show'
    )


def _nobody(owners: Collection[str]) -> str:
    """Say of whom a vault is not."""
    return f"{next(iter(owners))} owns no" if len(owners) == 1 else "no account at hand owns a"


def _as_owned_now(market: Market, opening: Opening) -> Opening:
    return replace(opening, owner=str(market.vault_at(opening.vault).owner()))


def _each(openings: Sequence[Opening]) -> str:
    """Name a few vaults: whoever opens many of one label shall not flood the screen."""
    named = [str(opening) for opening in openings[:MOST_NAMED]]
    more = len(openings) - len(named)
    return "; ".join([*named, f"and {more} more"] if more else named)


def _row(market: Market, row: LensRow) -> MarginRow:
    status = STATUSES[row.status]
    is_told = row.debt > 0 or row.health > 0  # without debt health is the largest integer
    return MarginRow(
        vault=row.vault,
        status=status,
        dead_token=market.symbol_of(row.dead_token) if status == "price dead" else None,
        debt=from_base(row.debt, market.asset_decimals) if is_told else None,
        health=row.health if is_told else None,
    )


def _opening(log: ContractLog) -> Opening:
    return Opening(
        vault=str(log.vault),
        owner=str(log.owner),
        label=label_text(log.label),
        fund_class=CLASSES[log.fund_class],
        id=log.id,
    )
