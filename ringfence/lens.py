"""Asks the lens about many vaults with calls that are encoded and decoded here: a row is a fixed
number of words, and the ABI decoder takes longer over it than the chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eth_tester.exceptions import TransactionFailed  # type: ignore[import-untyped]
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from web3.exceptions import Web3Exception

from ringfence.exceptions import RingfenceError
from ringfence.reading import BlockReader

SELECTOR = keccak(text="margins_of(address[])")[:4]
WORD = 32
WORDS = 14  # vault, status, dead token, and eleven of the margin
STATUS, DEAD_TOKEN, COLLATERAL, OWED, HEALTH, DEBT = 1, 2, 3, 4, 8, 12
CALL_GAS = 25_000_000  # that a node may be expected to give a call
ROW_GAS = 80_000  # a vault with four tokens takes 61,000; a page that takes more is asked in halves
PAGE = CALL_GAS // ROW_GAS
UNREADABLE = 3
OUT_OF_GAS = (Web3Exception, TransactionFailed)  # of a node, or of the chain in this process


@dataclass(frozen=True)
class LensRow:
    """What the lens says about one vault, in the contracts' integers."""

    vault: str
    status: int
    dead_token: str
    debt: int  # [asset]
    health: int  # [WAD]
    collateral_value: int  # [WAD]
    debt_value: int  # [WAD]


def ask(read: BlockReader, lens: Any, vaults: Sequence[str]) -> list[LensRow]:
    """Return one row for each vault, in the same order and all as of one block."""
    rows: list[LensRow] = []
    for first in range(0, len(vaults), PAGE):
        rows += _page(read, lens, vaults[first : first + PAGE])
    return rows


def _page(read: BlockReader, lens: Any, vaults: Sequence[str]) -> list[LensRow]:
    """Rows of one call; a page that a node gives too little gas for is asked in halves, and a vault
    that had too little among others is asked alone.
    """
    try:
        rows = _rows(vaults, read.raw(str(lens.address), _calldata(vaults)))
    except OUT_OF_GAS:
        if len(vaults) == 1:
            raise
        middle = len(vaults) // 2
        return _page(read, lens, vaults[:middle]) + _page(read, lens, vaults[middle:])
    if len(vaults) == 1:
        return rows
    return [_page(read, lens, [it.vault])[0] if it.status == UNREADABLE else it for it in rows]


def _calldata(vaults: Sequence[str]) -> bytes:
    words = [WORD, len(vaults), *(int(vault, 16) for vault in vaults)]
    return SELECTOR + b"".join(word.to_bytes(WORD, "big") for word in words)


def _rows(vaults: Sequence[str], answer: bytes) -> list[LensRow]:
    head, size = 2 * WORD, WORDS * WORD
    if len(answer) != head + len(vaults) * size:
        raise RingfenceError(
            f"the lens told {len(answer)} bytes of {len(vaults)} vaults, which is no answer of it;"
            " look at the manifest"
        )
    rows = []
    for number, vault in enumerate(vaults):
        start = head + number * size

        def word(index: int, start: int = start) -> int:
            place = start + index * WORD
            return int.from_bytes(answer[place : place + WORD], "big")

        dead = word(DEAD_TOKEN)
        token = to_checksum_address(f"0x{dead:040x}") if dead else ""
        values = word(DEBT), word(HEALTH), word(COLLATERAL), word(OWED)
        rows.append(LensRow(vault, word(STATUS), token, *values))
    return rows
