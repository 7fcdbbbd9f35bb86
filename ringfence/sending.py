"""Tries a transaction before it is sent, so that a refusal costs nothing and keeps its words.

Ape prints a call trace when a node behind HTTP refuses, and cuts what the contract said at the
colon; web3 does neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ape.api import AccountAPI, ReceiptAPI


def send(method: Any, *arguments: object, sender: AccountAPI) -> ReceiptAPI:
    """Send a transaction that passes in the latest block; `method` is as Ape hands it out."""
    attempt(method, *arguments, sender=sender)
    receipt: ReceiptAPI = method(*arguments, sender=sender)
    return receipt


def attempt(method: Any, *arguments: object, sender: AccountAPI) -> None:
    """Make a call as a transaction of `sender` would, and change nothing."""
    call = {
        "from": str(sender.address),
        "to": str(method.contract.address),
        "data": method.encode_input(*arguments),
    }
    web3: Any = method.contract.provider.web3
    web3.eth.call(call)
