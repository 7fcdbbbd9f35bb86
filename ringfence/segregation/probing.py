"""Where a token stores balances, which no standard says: found by asking it with other storage.

A node takes a call as if slots of a contract held other words. In each place where a balance may
be, it is told another number; the one that the token then tells gives the place away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ringfence.deployment.site import IN_PROCESS
from ringfence.ledger.entries import WORD, as_word
from ringfence.model.fixed_point import MAX_UINT
from ringfence.segregation.layout import of_address, of_address_in_solidity

if TYPE_CHECKING:
    from ape.api import ProviderAPI

BALANCE_OF = bytes.fromhex("70a08231")
WHO = "0x" + 19 * "5e" + "67"  # whose balance is asked for: of nobody
# Slots of mappings that are tried: the first ones, and that of upgradeable tokens by ERC-7201.
FIRST = 64
ERC7201 = 0x52C63247E1F47DB19D5CE0460030C497F067CA4CEBF71BA98EEADABE20BACE00
SLOTS = (*range(FIRST), ERC7201)
ORDERS: Mapping[str, Callable[[int, str], int]] = {
    "vyper": of_address,
    "solidity": of_address_in_solidity,
}
BITS = (96, 112, 128, 255, 256)  # of a word that may be a balance, the rest being other things
MARK = 1_000_003  # the first of the numbers, each of them as likely to be a balance as any


@dataclass(frozen=True)
class Place:
    """Where a token stores balances."""

    slot: int  # of the mapping
    order: str  # one of ORDERS: how a language finds an address in a mapping
    bits: int  # of the word that are the balance; others may be flags

    @property
    def is_usual(self) -> bool:
        """Whether it is among those where balances are looked for: elsewhere anything may stand."""
        return self.slot in SLOTS and self.order in ORDERS and self.bits in BITS

    def of(self, holder: str) -> int:
        """Return the slot that holds somebody's balance."""
        return ORDERS[self.order](self.slot, holder)

    def balance(self, word: int) -> int:
        """Return the balance in the word of a slot. [token]"""
        return word & ((1 << self.bits) - 1)


def place_of(provider: ProviderAPI, token: str, block: int) -> Place | None:
    """Return where a token stores balances; None if it is not where most of them do, or the chain
    takes no call with other storage.
    """
    if provider.name == IN_PROCESS:
        return None
    tried = [(slot, order) for slot in SLOTS for order in ORDERS]
    marks = {ORDERS[order](slot, WHO): MARK + at for at, (slot, order) in enumerate(tried)}
    told = _balance(provider, token, marks, block)
    if told is None or not 0 <= told - MARK < len(tried):
        return None
    slot, order = tried[told - MARK]
    full = _balance(provider, token, {ORDERS[order](slot, WHO): MAX_UINT}, block)
    if full is None or full & (full + 1) or full.bit_length() not in BITS:
        return None  # the balance is not the low end of the word
    return Place(slot, order, full.bit_length())


def _balance(provider: ProviderAPI, token: str, words: Mapping[int, int], block: int) -> int | None:
    """Return the balance that a token tells with other words in its storage."""
    changed = {f"0x{slot:064x}": f"0x{word:064x}" for slot, word in words.items()}
    call = {"to": token, "data": "0x" + (BALANCE_OF + as_word(WHO)).hex()}
    web3: Any = provider.web3
    answer = web3.provider.make_request(
        "eth_call", [call, hex(block), {token: {"stateDiff": changed}}]
    )
    told = bytes.fromhex(answer.get("result", "0x")[2:])
    return int.from_bytes(told) if len(told) == WORD else None
