"""Proofs of what contracts store (EIP-1186): asked of a node, and checked without one.

The nodes of all tries are kept together, each once; whoever walks down from the root of a block's
state finds what it was made of, or that it is not there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import rlp  # type: ignore[import-untyped]
from eth_utils.crypto import keccak
from trie import HexaryTrie  # type: ignore[import-untyped]
from trie.exceptions import MissingTrieNode  # type: ignore[import-untyped]

from ringfence.deployment.site import IN_PROCESS
from ringfence.exceptions import RingfenceError
from ringfence.ledger.entries import WORD

if TYPE_CHECKING:
    from ape.api import ProviderAPI

AT_ONCE = 200  # slots in one question

Wanted = Iterable[tuple[str, Collection[int]]]  # slots of a contract


class Unproven(RingfenceError):
    """The proofs do not reach what is asked of them."""


def gives_proofs(provider: ProviderAPI, block: int) -> bool:
    """Tell whether the node of a chain proves what its contracts store."""
    return provider.name != IN_PROCESS and "result" in _asked(provider, "0x" + 40 * "0", [], block)


def collected(provider: ProviderAPI, wanted: Wanted, block: int) -> list[bytes]:
    """Return the nodes that prove slots of contracts at a block, in the order of their bytes.

    :raises RingfenceError: if the node does not know the block's state any more.
    """
    found: set[bytes] = set()
    for address, slots in wanted:
        keys = list(slots)
        for first in range(0, max(len(keys), 1), AT_ONCE):
            answer = _asked(provider, address, keys[first : first + AT_ONCE], block)
            if "result" not in answer:
                told = answer.get("error", {}).get("message", answer)
                raise RingfenceError(f"the node proves nothing of block {block}: {told}")
            found.update(_nodes(answer["result"]))
    return sorted(found)


def _asked(provider: ProviderAPI, address: str, slots: Collection[int], block: int) -> Any:
    keys = [f"0x{it:064x}" for it in slots]
    web3: Any = provider.web3
    return web3.provider.make_request("eth_getProof", [address, keys, hex(block)])


def _nodes(proof: Any) -> Iterator[bytes]:
    storage = (node for it in proof["storageProof"] for node in it["proof"])
    for node in (*proof["accountProof"], *storage):
        yield bytes.fromhex(node[2:])


@dataclass(frozen=True)
class State:
    """What proofs show of the contracts of one block."""

    root: bytes
    nodes: Collection[bytes]
    _seen: dict[tuple[bytes, bytes], bytes] = field(default_factory=dict)

    @cached_property
    def _known(self) -> dict[bytes, bytes]:
        return {keccak(it): it for it in self.nodes}

    def code_hash(self, address: str) -> bytes:
        """Return the hash of a contract's code.

        :raises Unproven: if the nodes do not reach it, or there is no such account.
        """
        return self._account(address)[1]

    def slot(self, address: str, slot: int) -> int:
        """Return what a contract stores in a slot.

        :raises Unproven: if the nodes do not reach it.
        """
        storage, _ = self._account(address)
        found = self._value(storage, slot.to_bytes(WORD), f"slot {slot} of {address}")
        try:
            return int.from_bytes(rlp.decode(found)) if found else 0
        except (rlp.DecodingError, TypeError) as error:
            raise Unproven(f"slot {slot} of {address} holds no word: {error}") from None

    def _account(self, address: str) -> tuple[bytes, bytes]:
        """Return the root of a contract's storage, and the hash of its code."""
        found = self._value(self.root, bytes.fromhex(address[2:]), address)
        if not found:
            raise Unproven(f"{address} is proven not to be there")
        try:
            _, _, storage, code = rlp.decode(found)
            return bytes(storage), bytes(code)
        except (rlp.DecodingError, ValueError, TypeError) as error:
            raise Unproven(f"{address} is no account: {error}") from None

    def _value(self, root: bytes, key: bytes, what: str) -> bytes:
        """Return what stands under a key of a trie; nothing if it is proven not to be there."""
        if (root, key) not in self._seen:
            self._seen[root, key] = self._walked(root, key, what)
        return self._seen[root, key]

    def _walked(self, root: bytes, key: bytes, what: str) -> bytes:
        try:
            return bytes(HexaryTrie(self._known, root)[keccak(key)])
        except MissingTrieNode:
            raise Unproven(f"no proof of {what}") from None
        except Exception as error:  # whatever the library makes of bytes that are no node
            raise Unproven(f"a torn proof of {what}: {error}") from None
