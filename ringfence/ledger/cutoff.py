"""Which block a moment means: the last one that was made until then."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ringfence.exceptions import RingfenceError

if TYPE_CHECKING:
    from ringfence.ledger.node import Node

CUTOFF = re.compile(r"([01]\d|2[0-3]):([0-5]\d)Z")


def moment_of(day: str, cutoff: str) -> int:
    """Return the moment of a cutoff, "00:00Z", at the beginning or in the course of a day. [unix s]

    :raises RingfenceError: if one of them is none.
    """
    found = CUTOFF.fullmatch(cutoff)
    if found is None:
        raise RingfenceError(f'"{cutoff}" is no cutoff; write it like 00:00Z')
    try:
        begin = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise RingfenceError(f'"{day}" is no day and no block; write it like 2026-11-21') from None
    return int(begin.timestamp()) + 3_600 * int(found[1]) + 60 * int(found[2])


def last_block_until(node: Node, moment: int) -> int:
    """Return the number of the last block that was made until a moment. [unix s]

    :raises RingfenceError: if the chain has not passed it, so that another block of it may still be
        made, or began later.
    """
    newest = node.block()
    if newest.timestamp <= moment:
        raise RingfenceError(
            f"the chain has not passed this moment yet: its latest block, {newest.number}, is"
            f" {moment - newest.timestamp} s older; ask again later"
        )
    low, high = 0, newest.number
    if node.block(low).timestamp > moment:
        raise RingfenceError("the chain began after this moment; name a later day")
    while low < high:
        middle = (low + high + 1) // 2
        if node.block(middle).timestamp <= moment:
            low = middle
        else:
            high = middle - 1
    return low
