"""What a chain logged, as it is kept."""

from __future__ import annotations

from dataclasses import dataclass

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

TRANSFER = keccak(text="Transfer(address,address,uint256)")
APPROVAL = keccak(text="Approval(address,address,uint256)")
WORD = 32


@dataclass(frozen=True, slots=True)
class Entry:
    """One log."""

    block: int
    position: int  # in the block
    tx: bytes
    address: bytes  # of the contract that logged it
    topics: tuple[bytes, ...]
    data: bytes

    @property
    def at(self) -> tuple[int, int]:
        """Its place in the history of the chain."""
        return self.block, self.position


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the chain."""

    number: int
    hash: bytes
    timestamp: int  # [unix s]


def as_word(address: bytes | str) -> bytes:
    """Return an address as topics carry it."""
    raw = bytes.fromhex(address.removeprefix("0x")) if isinstance(address, str) else address
    return raw.rjust(WORD, b"\0")


def as_address(word: bytes) -> str:
    """Return the address in a word, or in its last twenty bytes."""
    return str(to_checksum_address(word[-20:]))
