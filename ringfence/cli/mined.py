"""What was mined, for programs: each transaction with what the market's contracts logged in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eth_utils.conversions import to_hex

from ringfence.ledger.entries import Entry, as_address
from ringfence.ledger.node import entry_of
from ringfence.ledger.reading import Shapes, shapes_of
from ringfence.market import PARTS, TOKEN

if TYPE_CHECKING:
    from ape.api import ReceiptAPI

    from ringfence.calls import Call
    from ringfence.cli.facts import Fact
    from ringfence.market import Market


def sent(call: Call, sender: object, transaction: str) -> dict[str, Any]:
    """A transaction of which nothing is known yet but that it was sent."""
    return {
        "transaction": transaction,
        "block": None,
        "from": str(sender),
        "to": call.to,
        "call": call.text,
        "gas": None,
        "events": [],
    }


def mined(market: Market, call: Call, receipt: ReceiptAPI) -> Fact:
    """A transaction that was mined: integers as texts, in base units, as the contracts say them."""
    logs = [entry_of(log) for log in receipt.logs]
    return sent(call, receipt.sender, str(receipt.txn_hash)) | {
        "block": receipt.block_number,
        "gas": receipt.gas_used,
        "events": [_event(market, log) for log in logs],
    }


def _event(market: Market, log: Entry) -> Fact:
    """A log as whoever wrote it means it; in its own words if that is no contract of the market."""
    contract = as_address(log.address)
    shape = _shapes(market, contract).get(log.topics[0]) if log.topics else None
    said = None if shape is None else shape.read(log)
    if shape is None or said is None:
        raw = {"topics": [to_hex(it) for it in log.topics], "data": to_hex(log.data)}
        return {"contract": contract, "event": None, **raw}
    values = {name: _told(value) for name, value in said.items()}
    return {"contract": contract, "event": shape.name, **values}


def _shapes(market: Market, contract: str) -> Shapes:
    for part, kind in PARTS.items():
        if getattr(market, part).address == contract:
            return _of_kind(market, kind)
    is_vault = market.factory.vault_id(contract) != 0
    return _of_kind(market, "Vault" if is_vault else TOKEN)


def _of_kind(market: Market, kind: str) -> Shapes:
    return shapes_of(getattr(market.project, kind).contract_type.events)


def _told(value: Any) -> Any:
    """A flag as it is, bytes in hex, and integers as texts: many readers of JSON round them."""
    if isinstance(value, bytes):
        return to_hex(value)
    return value if isinstance(value, bool) else str(value)
