"""Brings a ledger up to date with its chain, page by page; stopped anywhere, it goes on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eth_utils.crypto import keccak

from ringfence.ledger.entries import TRANSFER, Block, Entry, as_word
from ringfence.ledger.node import Node, TooMany
from ringfence.ledger.store import LedgerError, Store
from ringfence.market import PARTS
from ringfence.standing import genesis_of

if TYPE_CHECKING:
    from ringfence.market import Market

PAGE = 2_000  # blocks that are asked for at once, at first
AT_ONCE = 500  # vaults in one question
OPENED = keccak(text="VaultOpened(address,address,bytes32,uint256,uint256)")

Progress = Callable[[int, int], None]  # block that was reached, block to be reached


@dataclass
class Follower:
    """Follows the contracts and the vaults of a market."""

    market: Market
    store: Store
    page: int = PAGE

    @property
    def node(self) -> Node:
        """The chain of the market."""
        return Node(self.market.provider)

    def follow(self, until: int | None = None, progress: Progress | None = None) -> Block:
        """Read all that is not in the ledger yet, up to a block, the latest unless told.

        What a chain has replaced meanwhile is forgotten first.
        :return: the block up to which the ledger is complete.
        """
        last = self.node.block(until).number
        self._forget_replaced()
        head = self.store.head
        while head is None or head.number < last:
            first = self._first if head is None else head.number + 1
            head = self._take(first, last)
            if progress is not None:
                progress(head.number, last)
        return head

    @property
    def _first(self) -> int:
        """The block of the first contract of the market: no vault of it is older."""
        return min(it.block for it in self.market.manifest.contracts if it.block > 0)

    def _take(self, first: int, last: int) -> Block:
        """Add one page, as large as the node allows."""
        while True:
            end = self.node.block(min(last, first + self.page - 1))
            try:
                entries = self._entries(first, end.number)
            except TooMany as error:
                if self.page == 1:
                    raise LedgerError(f"the node tells no logs of block {first}: {error}") from None
                self.page //= 2
                continue
            if self.node.block(end.number).hash == end.hash:  # else blocks were replaced meanwhile
                self.store.append(entries, end)
                return end

    def _entries(self, first: int, last: int) -> list[Entry]:
        """All of a few blocks: of the contracts, of the vaults, of tokens that vaults moved or got.

        A vault that was opened in them may have been sent tokens before.
        """
        known = vaults_in(self.store.entries(of=[self._factory]))
        own = self.node.logs(first, last, addresses=self._contracts)
        opened = vaults_in(it for it in own if it.address == self._factory)
        found = {it.at: it for it in own}
        for vaults in _parts(known + opened):
            found |= {it.at: it for it in self.node.logs(first, last, addresses=vaults)}
            found |= {it.at: it for it in self._transfers(vaults, first, last)}
        for vaults in _parts(opened):
            for start in range(self._first, first, self.page):
                end = min(first, start + self.page) - 1
                found |= {it.at: it for it in self._transfers(vaults, start, end)}
        return [found[at] for at in sorted(found)]

    def _transfers(self, vaults: Collection[bytes], first: int, last: int) -> Iterator[Entry]:
        words = [as_word(it) for it in vaults]
        yield from self.node.logs(first, last, topics=([TRANSFER], words))
        yield from self.node.logs(first, last, topics=([TRANSFER], None, words))

    def _forget_replaced(self) -> None:
        """Go back to the last page that the chain still has."""
        for end in self.store.ends():
            if self._has(end):
                self.store.forget_after(end.number)
                return
        self.store.forget_after(-1)

    def _has(self, block: Block) -> bool:
        if block.number > self.node.block().number:
            return False
        return self.node.block(block.number).hash == block.hash

    @property
    def _factory(self) -> bytes:
        return _raw(self.market.factory.address)

    @property
    def _contracts(self) -> list[bytes]:
        return [_raw(getattr(self.market, part).address) for part in PARTS]


def about(market: Market) -> dict[str, str]:
    """Return what tells a market from any other."""
    return {
        "market": market.name,
        "chain": str(market.manifest.chain_id),
        "genesis": genesis_of(market.provider),
        "factory": str(market.factory.address),
    }


def vaults_in(entries: Iterator[Entry]) -> list[bytes]:
    """Return the vaults that were opened, in their order."""
    return [it.topics[1][-20:] for it in entries if it.topics[:1] == (OPENED,)]


def _parts(vaults: list[bytes]) -> Iterator[list[bytes]]:
    for first in range(0, len(vaults), AT_ONCE):
        yield vaults[first : first + AT_ONCE]


def _raw(address: object) -> bytes:
    return bytes.fromhex(str(address).removeprefix("0x"))
