"""Where the contracts store what a proof is about: slots by the compiler's storage layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eth_utils.crypto import keccak

from ringfence.ledger.entries import WORD, as_address, as_word
from ringfence.model.interest import compound
from ringfence.model.packing import high_half, low_half

# Of a vault.
ACCOUNT, DEBT, PENDING_OWNER = 0, 1, 2
VAULT_SLOTS = (ACCOUNT, DEBT, PENDING_OWNER)
CLASS_SHIFT, MASK_SHIFT = 160, 168
# Of the factory.
VAULT_ID, VAULT_COUNT = 2, 3
# Of the engine.
TOKEN_COUNT, TOKENS = 0, 2
# Of the pool.
CLOCK, MONEY = 3, 4
RATE_SHIFT, TIME_SHIFT = 128, 208


@dataclass(frozen=True)
class Fixed:
    """What a constructor fixes for good, which follows the code."""

    length: int  # bytes
    links: Mapping[str, int]  # what is fixed, and where


FIXED = {
    "oracle": Fixed(128, {}),
    "rate_model": Fixed(128, {}),
    "pool": Fixed(768, {"pool": 64, "asset": 480, "fund": 512, "rate_model": 576, "factory": 704}),
    "fund": Fixed(96, {"pool": 32, "asset": 64}),
    "engine": Fixed(256, {"factory": 32, "pool": 64, "oracle": 96, "asset": 128}),
    "implementation": Fixed(
        160, {"factory": 0, "engine": 32, "pool": 64, "asset": 96, "fund": 128}
    ),
    "factory": Fixed(64, {"implementation": 0, "proxy": 32}),
    "lens": Fixed(32, {"engine": 0}),
}


@dataclass(frozen=True)
class Clock:
    """The pool's index of debt, and how it grows."""

    index: int  # [RAY]
    rate: int  # [RAY / s]
    time: int  # [unix s] of the index

    @classmethod
    def of(cls, word: int) -> Clock:
        """Read it from the word of its slot."""
        return cls(low_half(word), word >> RATE_SHIFT & (1 << 80) - 1, word >> TIME_SHIFT)

    def index_at(self, timestamp: int) -> int:
        """Return the index at a later moment. [RAY]"""
        return compound(self.index, self.rate, timestamp - self.time)


@dataclass(frozen=True)
class VaultSlots:
    """What a vault stores."""

    owner: str
    fund_class: int
    mask: int  # of enabled collateral
    scaled_debt: int  # [asset / index]
    hold_until: int  # [unix s]
    pending_owner: str

    @classmethod
    def of(cls, account: int, debt: int, pending_owner: int) -> VaultSlots:
        """Read them from the words of its slots."""
        return cls(
            owner=as_address(account.to_bytes(WORD)),
            fund_class=account >> CLASS_SHIFT & 0xFF,
            mask=account >> MASK_SHIFT,
            scaled_debt=low_half(debt),
            hold_until=high_half(debt),
            pending_owner=as_address(pending_owner.to_bytes(WORD)),
        )


def of_address(slot: int, address: str) -> int:
    """Return the slot of an address in a mapping of Vyper."""
    return int.from_bytes(keccak(slot.to_bytes(WORD) + as_word(address)))


def of_address_in_solidity(slot: int, address: str) -> int:
    """Return the slot of an address in a mapping of Solidity."""
    return int.from_bytes(keccak(as_word(address) + slot.to_bytes(WORD)))
