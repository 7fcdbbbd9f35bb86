"""What is to be sent, as calls: an account sends them, or they go to whoever will."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ringfence.sending import send

if TYPE_CHECKING:
    from ape.api import AccountAPI, ReceiptAPI
    from ape.contracts import ContractInstance
    from ethpm_types import MethodABI


@dataclass(frozen=True)
class Call:
    """One call of a contract: a transaction without a sender. It carries no native coins."""

    method: Any  # as Ape hands it out
    arguments: tuple[Any, ...] = ()

    @property
    def to(self) -> str:
        """Contract that is called."""
        return str(self.method.contract.address)

    @property
    def data(self) -> bytes:
        """Selector and arguments as a transaction carries them."""
        return bytes(self.method.encode_input(*self.arguments))

    @property
    def abi(self) -> MethodABI:
        """The function that is called; none of these contracts has two of one name."""
        abi: MethodABI = self.method.abis[0]
        return abi

    @property
    def text(self) -> str:
        """The call as a person reads it: "borrow(assets=1000000, receiver=0x…)"."""
        pairs = zip(self.abi.inputs, self.arguments, strict=True)
        words = ", ".join(f"{it.name}={_word(value)}" for it, value in pairs)
        return f"{self.abi.name}({words})"


def send_all(calls: Sequence[Call], sender: AccountAPI) -> ReceiptAPI:
    """Send calls one after another, each once the one before is mined; return the last receipt."""
    *before, last = calls
    for call in before:
        send(call.method, *call.arguments, sender=sender)
    return send(last.method, *last.arguments, sender=sender)


def approvals(
    token: ContractInstance, owner: object, spender: object, units: int, is_later: bool = False
) -> list[Call]:
    """Return what lets `spender` take exactly `units`, unless it may take as much already.

    :param is_later: whatever is allowed now may be used up before the calls are sent.
    """
    allowed = token.allowance(owner, spender)
    if allowed >= units and not is_later:
        return []
    allow = Call(token.approve, (spender, units))
    # Some tokens want what was allowed cleared first.
    return [Call(token.approve, (spender, 0)), allow] if allowed > 0 or is_later else [allow]


def _word(value: Any) -> str:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return str(getattr(value, "address", value))
