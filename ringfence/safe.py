"""Batches of calls for a Safe, as its Transaction Builder imports them.

The format and its checksum are those of version 1.16 of the Transaction Builder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from eth_utils.crypto import keccak

if TYPE_CHECKING:
    from ethpm_types.abi import ABIType

    from ringfence.calls import Call

FORMAT, BUILDER = "1.0", "1.16.5"


def batch(
    calls: Sequence[Call], chain_id: int, safe: str, description: str, created_at: int
) -> dict[str, Any]:
    """Return the batch of these calls, with its checksum.

    :param safe: address of the Safe that is to execute it.
    :param created_at: moment of its making. [unix s]
    """
    meta = {
        "name": "Ringfence",
        "description": description,
        "txBuilderVersion": BUILDER,
        "createdFromSafeAddress": safe,
        "createdFromOwnerAddress": "",
    }
    whole = {
        "version": FORMAT,
        "chainId": str(chain_id),
        "createdAt": created_at * 1_000,
        "meta": meta,
        "transactions": [_transaction(call) for call in calls],
    }
    meta["checksum"] = checksum(whole)
    return whole


def checksum(whole: Mapping[str, Any]) -> str:
    """Return the checksum of a batch; neither its own checksum nor its name is part of it."""
    meta = {key: it for key, it in whole["meta"].items() if key != "checksum"}
    text = _serialised({**whole, "meta": {**meta, "name": None}})
    return "0x" + keccak(text.encode()).hex()


def _transaction(call: Call) -> dict[str, Any]:
    inputs = call.abi.inputs
    values = zip(inputs, call.arguments, strict=True)
    return {
        "to": call.to,
        "value": "0",
        "data": None,  # made of what follows, which signers can read
        "contractMethod": {
            "inputs": [_input(it) for it in inputs],
            "name": call.abi.name,
            "payable": False,
        },
        "contractInputsValues": {str(it.name): _value(value) for it, value in values},
    }


def _input(abi: ABIType) -> dict[str, Any]:
    described: dict[str, Any] = {
        "internalType": abi.internal_type or str(abi.type),
        "name": abi.name,
        "type": abi.type,
    }
    if abi.components:
        described["components"] = [_input(it) for it in abi.components]
    return described


def _value(value: Any) -> str:
    """An argument as one types it into the Transaction Builder."""
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, tuple | list):
        return json.dumps([_value(it) for it in value])
    return str(getattr(value, "address", value))


def _serialised(value: Any) -> str:
    """JSON in the order that the checksum is made of: keys first, then what they stand for."""
    if isinstance(value, list):
        return f"[{','.join(map(_serialised, value))}]"
    if isinstance(value, dict):
        keys = sorted(value)
        return "{" + _json(keys) + "".join(f"{_serialised(value[key])}," for key in keys) + "}"
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
