"""The header of a block, whose hash is the block's: it ties number and time to the state's root."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import rlp  # type: ignore[import-untyped]
from eth_utils.crypto import keccak

# In their order; those of later forks are there or not.
FIELDS = (
    *("parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot"),
    *("logsBloom", "difficulty", "number", "gasLimit", "gasUsed", "timestamp", "extraData"),
    *("mixHash", "nonce"),
)
LATER = (
    *("baseFeePerGas", "withdrawalsRoot", "blobGasUsed", "excessBlobGas"),
    *("parentBeaconBlockRoot", "requestsHash"),
)
STATE_ROOT, NUMBER, TIMESTAMP = map(FIELDS.index, ("stateRoot", "number", "timestamp"))


def header_of(block: Mapping[str, Any]) -> bytes | None:
    """Return the header of a block as web3 tells it; None if it does not make the block's hash."""
    fields = [_raw(block[it]) for it in (*FIELDS, *LATER) if block.get(it) is not None]
    found = bytes(rlp.encode(fields))
    return found if keccak(found) == bytes(block["hash"]) else None


def differences(header: bytes, block: Mapping[str, Any]) -> Iterator[str]:
    """Yield what of a block, as a report tells it, its header says otherwise."""
    fields = rlp.decode(header)
    found = {
        "hash": "0x" + keccak(header).hex(),
        "state_root": "0x" + fields[STATE_ROOT].hex(),
        "number": int.from_bytes(fields[NUMBER]),
        "timestamp": int.from_bytes(fields[TIMESTAMP]),
    }
    for name, value in found.items():
        if block[name] != value:
            yield f"{name}: the report says {block[name]}, the header {value}"


def _raw(value: Any) -> bytes:
    if isinstance(value, int):
        return value.to_bytes((value.bit_length() + 7) // 8)
    return bytes.fromhex(value[2:]) if isinstance(value, str) else bytes(value)
