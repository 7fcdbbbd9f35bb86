"""Commands that look at one block, whatever the chain does meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from ringfence.cli.margin import is_asked
from ringfence.cli.options import block_of
from ringfence.exceptions import RingfenceError
from ringfence.ledger.cutoff import last_block_until, moment_of
from ringfence.ledger.node import Node

if TYPE_CHECKING:
    from ringfence.cli.desk import Desk
    from ringfence.ledger.entries import Block


def asof_options(action: Any) -> Any:
    """Give a command what says as of when."""
    asof = click.option(
        "--asof",
        metavar="DATE|BLOCK",
        help="A day, as of its cutoff, or a block; the latest block unless given.",
    )
    cutoff = click.option(
        "--cutoff",
        default="00:00Z",
        show_default=True,
        help="Moment of a day, in UTC, that counts.",
    )
    return asof(cutoff(action))


def desk_asof(desk: Desk, asof: str | None, cutoff: str) -> Desk:
    """Return a desk that reads as of what was asked for."""
    if asof is None:
        if is_asked("cutoff"):
            raise click.UsageError("--cutoff goes with --asof DATE.")
        return desk
    if is_asked("block"):
        raise click.UsageError("--asof and --block exclude each other.")
    provider = desk.market.provider
    if asof.isdecimal():
        return replace(desk, block=block_of(provider, int(asof), "--asof"))
    return replace(desk, block=last_block_until(Node(provider), moment_of(asof, cutoff)))


@contextmanager
def one_block(desk: Desk) -> Iterator[Block]:
    """Yield the block that is looked at.

    :raises RingfenceError: if the chain has replaced it meanwhile.
    """
    node = Node(desk.market.provider)
    block = node.block(desk.block)
    yield block
    if node.block(block.number).hash != block.hash:
        raise RingfenceError(f"block {block.number} was replaced meanwhile; run it again")
