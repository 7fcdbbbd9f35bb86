"""Brings a ledger up to date with its chain, page by page; stopped anywhere, it goes on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from eth_utils.crypto import keccak

from ringfence.ledger.entries import APPROVAL, TRANSFER, Block, Entry, as_word
from ringfence.ledger.node import Node, TooMany
from ringfence.ledger.store import LedgerError, Store
from ringfence.market import PARTS
from ringfence.standing import genesis_of

if TYPE_CHECKING:
    from ringfence.market import Market

PAGE = 2_000  # blocks that are asked for at once, at most
AT_ONCE = 500  # vaults in one question
OPENED = keccak(text="VaultOpened(address,address,bytes32,uint256,uint256)")

Progress = Callable[[int, int], None]  # block that was reached, block to be reached
Found = TypeVar("Found")


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

        What a chain has replaced meanwhile is forgotten.
        :return: the block up to which the ledger is complete.
        :raises LedgerError: if the market did not stand then, or the node tells nothing.
        """
        last = self.node.block(until).number
        if last < self._first:
            raise LedgerError(
                f"market {self.market.name} did not stand at block {last}, its first is"
                f" {self._first}; name a later one"
            )
        while True:
            head = self._follow(last, progress or (lambda *_: None))
            if head is not None:
                return head

    def _follow(self, last: int, progress: Progress) -> Block | None:
        """Do it once; None if blocks were replaced meanwhile.

        Which vaults open is read first: tokens may have been sent to where they were to be.
        """
        head = self._forget_replaced()
        begin = self._first if head is None else head.number + 1
        opened = [it for some in self._pages(begin, last, self._openings) for it in some]
        if head is not None and opened:
            for past in self._pages(self._first, head.number, self._tokens_of(opened)):
                self.store.add(past)
        vaults = vaults_in(self.store.entries(of=[self._factory])) + opened

        def entries(first: int, end: int) -> tuple[Block, list[Entry]]:
            return self.node.block(end), self._entries(vaults, first, end)

        for end, found in self._pages(begin, last, entries):
            is_known = set(vaults_in(found)) <= set(vaults)
            if (
                not self.node.has(end)
                or (head is not None and not self.node.has(head))
                or not is_known
            ):
                return None
            self.store.append(head, found, end)
            head = end
            progress(end.number, last)
        return head

    @property
    def _first(self) -> int:
        """The block of the first contract of the market: no vault of it is older."""
        return min(it.block for it in self.market.manifest.contracts if it.block > 0)

    def _pages(self, first: int, last: int, read: Callable[[int, int], Found]) -> Iterator[Found]:
        """Read a stretch of blocks in pages as large as the node allows."""
        size = self.page
        while first <= last:
            end = min(last, first + size - 1)
            try:
                found = read(first, end)
            except TooMany as error:
                if size == 1:
                    raise LedgerError(f"the node tells no logs of block {first}: {error}") from None
                size //= 2
                continue
            yield found
            first, size = end + 1, min(2 * size, self.page)

    # -- What a page has ---------------------------------------------------------------------------

    def _openings(self, first: int, last: int) -> list[bytes]:
        return vaults_in(self.node.logs(first, last, ([OPENED],), [self._factory]))

    def _entries(self, vaults: Collection[bytes], first: int, last: int) -> list[Entry]:
        """All of a few blocks: of contracts and vaults, and of tokens that vaults moved, got or
        allowed others to move.
        """
        found = self.node.logs(first, last, addresses=self._contracts)
        for some in _parts(vaults):
            found += self.node.logs(first, last, addresses=some)
        found += self._tokens_of(vaults)(first, last)
        by_place = {it.at: it for it in found}  # a transfer between vaults was found twice
        return [by_place[at] for at in sorted(by_place)]

    def _tokens_of(self, vaults: Collection[bytes]) -> Callable[[int, int], list[Entry]]:
        def read(first: int, last: int) -> list[Entry]:
            found = []
            for some in _parts(vaults):
                words = [as_word(it) for it in some]
                found += self.node.logs(first, last, ([TRANSFER, APPROVAL], words))
                found += self.node.logs(first, last, ([TRANSFER], None, words))
            return found

        return read

    # -- What the chain has ------------------------------------------------------------------------

    def _forget_replaced(self) -> Block | None:
        """Go back to the last page that the chain still has, and return its end."""
        head = next((end for end in self.store.ends() if self.node.has(end)), None)
        if head != self.store.head:
            self.store.forget_after(-1 if head is None else head.number)
        return head

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


def vaults_in(entries: Iterable[Entry]) -> list[bytes]:
    """Return the vaults that were opened, in their order."""
    return [it.topics[1][-20:] for it in entries if it.topics[:1] == (OPENED,)]


def _parts(vaults: Collection[bytes]) -> Iterator[list[bytes]]:
    known = list(vaults)
    for first in range(0, len(known), AT_ONCE):
        yield known[first : first + AT_ONCE]


def _raw(address: object) -> bytes:
    return bytes.fromhex(str(address).removeprefix("0x"))
