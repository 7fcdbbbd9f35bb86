"""What commands that look back at vaults share: the books, and what the market said meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from ringfence.cli.asof import one_block
from ringfence.cli.ledger import account_of, followed, known_tokens
from ringfence.exceptions import RingfenceError
from ringfence.ledger.fold import Books
from ringfence.ledger.sights import Sights
from ringfence.performance.looking import Looking, Token
from ringfence.performance.period import period_of
from ringfence.wording import moment_text

if TYPE_CHECKING:
    from ringfence.cli.desk import Desk
    from ringfence.ledger.account import Account
    from ringfence.ledger.store import Store


@contextmanager
def looking_back(
    desk: Desk, url: str | None, is_passing: bool = False
) -> Iterator[tuple[Looking, Store]]:
    """Bring a ledger up to the block that is asked about, and yield a look back from it.

    :param is_passing: what is asked of that block is not kept.
    :raises RingfenceError: if the chain replaces the block meanwhile.
    """
    there = replace(desk, block=desk.read.number)  # whatever comes after it meanwhile
    with one_block(there):
        _, store = followed(there, url)
        with looking_at(desk, store, is_passing) as looking:
            yield looking, store


@contextmanager
def looking_at(desk: Desk, store: Store, is_passing: bool = False) -> Iterator[Looking]:
    """Yield a look back at a market; what it has to ask a node for is kept in the ledger.

    :param is_passing: what is asked of the block that is looked at is not kept.
    """
    block = desk.read.number
    with Sights.of(desk.market, store, block if is_passing else None) as sights:
        yield _looking(sights, block)


def as_of(
    desk: Desk, store: Store, looking: Looking, vault: str, block: int
) -> tuple[Looking, Account]:
    """Return a look back from an earlier block, and a vault as it was then, whatever happened
    since.
    """
    past = replace(desk, block=block)
    account = account_of(past, Books.at(desk.market, store, block), vault)
    return _looking(looking.sights, block), account


def _looking(sights: Sights, block: int) -> Looking:
    """Return a look back with the tokens that were listed at a block."""
    known = known_tokens(sights.market, sights.token_count(block))
    return Looking(sights, {address: Token(address, *it) for address, it in known.items()})


def blocks_between(
    looking: Looking, begin_of: int, head: int, begin: str | None, end: str | None
) -> tuple[int, int]:
    """Return the blocks between whose ends somebody wants to look back.

    :param begin_of: first of them unless something is said.
    :param head: last of them unless something is said.
    :raises click.UsageError: if they are not on the chain, or in the wrong order.
    """
    last = head if end is None else _block_of(looking.sights, end, "--to", head)
    first = begin_of if begin is None else _block_of(looking.sights, begin, "--from", head)
    if first > last or (begin and end and first == last):
        raise click.UsageError(
            f"nothing lies between --from {begin or first} and --to {end or last}."
        )
    return first, last


def _block_of(sights: Sights, word: str, option: str, head: int) -> int:
    """Return a block, or the last one until a day begins; for --to, until it ends."""
    if word.isascii() and word.isdecimal():
        if int(word) > head:
            raise click.UsageError(f"{option} {word} is not on this chain, whose latest is {head}.")
        return int(word)
    period = period_of(word)
    moment = period.end if option == "--to" else period.begin
    return block_until(sights, moment, head)


def block_until(sights: Sights, moment: int, head: int) -> int:
    """Return the last block until a moment. [unix s]

    :raises RingfenceError: if the chain has not passed it.
    """
    if sights.time(head) <= moment:  # another block of that second may come
        raise RingfenceError(
            f"the chain has not passed {moment_text(moment)} yet: block {head} is of"
            f" {moment_text(sights.time(head))}; name an earlier period"
        )
    return sights.last_until(moment, 0, head)
