"""Reads views of many contracts as of one block, with one request each.

Ape asks a node three questions for every view it calls, and takes the latest block unless told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ringfence.exceptions import RingfenceError

if TYPE_CHECKING:
    from ape.api import ProviderAPI


@dataclass(frozen=True)
class BlockReader:
    """Calls views as of one block."""

    provider: ProviderAPI
    number: int
    timestamp: int  # [unix s]

    @classmethod
    def at(cls, provider: ProviderAPI, number: int | None = None) -> BlockReader:
        """Return a reader of a block, the latest unless told."""
        block = provider.get_block("latest" if number is None else number)
        return cls(provider, int(block.number or 0), int(block.timestamp))

    def __call__(self, view: Any, *arguments: object) -> Any:
        """Return what a view of a contract answers; `view` is as Ape hands it out."""
        answer = self.raw(str(view.contract.address), view.encode_input(*arguments))
        values = self.provider.network.ecosystem.decode_returndata(view.abis[0], answer)
        return values[0] if len(values) == 1 else values

    def raw(self, to: str, data: bytes) -> bytes:
        """Return what a contract answers to calldata."""
        web3: Any = self.provider.web3
        answer = bytes(web3.eth.call({"to": to, "data": data}, self.number))
        if not answer:
            raise RingfenceError(
                f"{to} did not stand at block {self.number}, or answers nothing; name a later block"
            )
        return answer
