"""Asks a node for blocks and logs, past web3 where that takes longer than the node."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eth_utils.conversions import to_hex
from requests import RequestException

from ringfence.deployment.site import IN_PROCESS
from ringfence.exceptions import RingfenceError
from ringfence.ledger.entries import Block, Entry, as_address

if TYPE_CHECKING:
    from ape.api import ProviderAPI

Topics = Sequence[Collection[bytes] | None]  # any of these at each place; None for all


class TooMany(RingfenceError):
    """A node does not answer for that many blocks at once."""


@dataclass(frozen=True)
class Node:
    """The chain that Ape is connected to."""

    provider: ProviderAPI

    def block(self, number: int | None = None) -> Block:
        """Return a block, the latest unless told."""
        found = self._web3.eth.get_block("latest" if number is None else number)
        return Block(int(found["number"]), bytes(found["hash"]), int(found["timestamp"]))

    def has(self, block: Block) -> bool:
        """Tell whether the chain has a block, and not another in its place."""
        return block.number <= self.block().number and self.block(block.number).hash == block.hash

    def logs(
        self,
        first: int,
        last: int,
        topics: Topics = (),
        addresses: Collection[bytes] = (),
    ) -> list[Entry]:
        """Return what was logged from one block to another, both included.

        :param topics: what the topics have to be; those left out may be anything.
        :param addresses: contracts that logged it; any unless named.
        :raises TooMany: if the node asks for smaller pages.
        """
        asked: dict[str, Any] = {
            "fromBlock": hex(first),
            "toBlock": hex(last),
            "topics": [None if it is None else [to_hex(topic) for topic in it] for it in topics],
        }
        if addresses:
            asked["address"] = [as_address(it) for it in addresses]
        if self.provider.name == IN_PROCESS:
            return [entry_of(log) for log in self._web3.eth.get_logs(asked)]
        try:
            answer = self._web3.provider.make_request("eth_getLogs", [asked])
        except RequestException as error:  # some nodes say so with the status of HTTP, or with time
            raise TooMany(str(error)) from None
        if "error" in answer:
            raise TooMany(str(answer["error"].get("message", answer["error"])))
        return [entry_of(log) for log in answer["result"]]

    @property
    def _web3(self) -> Any:
        return self.provider.web3


def entry_of(log: Any) -> Entry:
    """Return a log, however a node or web3 writes numbers and bytes."""
    return Entry(
        block=_number(log["blockNumber"]),
        position=_number(log["logIndex"]),
        tx=_bytes(log["transactionHash"]),
        address=_bytes(log["address"]),
        topics=tuple(map(_bytes, log["topics"])),
        data=_bytes(log["data"]),
    )


def _number(value: Any) -> int:
    return int(value, 16) if isinstance(value, str) else int(value)


def _bytes(value: Any) -> bytes:
    return bytes.fromhex(value[2:]) if isinstance(value, str) else bytes(value)
