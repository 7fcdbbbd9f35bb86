"""Which changes of a market are announced, and wait for their notice to pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ape.exceptions import ApeException
from eth_abi.exceptions import DecodingError
from eth_utils.crypto import keccak

from ringfence.governing import WINDOW
from ringfence.market import PARTS

if TYPE_CHECKING:
    from ringfence.ledger.store import Store
    from ringfence.market import Market
    from ringfence.reading import BlockReader

ANNOUNCED = keccak(text="Announced(bytes32,bytes,uint256)")
LENGTH = slice(64, 96)  # of the call, in the data of the event
CALL = 96  # where it begins


@dataclass(frozen=True)
class Pending:
    """A call that was announced, and neither made nor withdrawn."""

    contract: str  # what the market calls it
    function: str  # its name and what it is called with
    ready_at: int  # [unix s]
    lapses_at: int  # [unix s]
    tx: bytes  # that announced it


def pending(market: Market, store: Store, read: BlockReader) -> Iterator[Pending]:
    """Yield what is announced as of a block and may still be made, now or later."""
    parts = {
        bytes.fromhex(str(getattr(market, name).address)[2:]): (name, getattr(market, name))
        for name in PARTS
    }
    seen = set()
    for entry in reversed(list(store.entries(read.number, of=list(parts)))):
        action = entry.topics[1] if entry.topics[:1] == (ANNOUNCED,) else None
        if action is None or (entry.address, action) in seen:
            continue
        seen.add((entry.address, action))
        name, contract = parts[entry.address]
        ready = read(contract.ready_at, action)
        if ready and ready + WINDOW >= read.timestamp:
            yield Pending(name, _call(contract, entry.data), ready, ready + WINDOW, entry.tx)


def _call(contract: Any, data: bytes) -> str:
    """Return what an announced call calls, and with what."""
    call = data[CALL : CALL + int.from_bytes(data[LENGTH])]
    methods = contract.contract_type.methods
    method = next((it for it in methods if keccak(text=it.selector)[:4] == call[:4]), None)
    if method is None:
        return f"0x{call.hex()}"
    try:
        given = contract.provider.network.ecosystem.decode_calldata(method, call[4:])
    except (ApeException, DecodingError):
        return f"{method.name}(0x{call[4:].hex()})"
    return f"{method.name}({', '.join(f'{name} {it}' for name, it in given.items())})"
