"""Repairs to Ape's plugins for Anvil and Hardhat: a revert keeps the reason that its contract gave.

They fit the versions pinned in `pyproject.toml`: look here first when one of those is raised.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ape.api import ReceiptAPI, TransactionAPI
    from ape.exceptions import ContractLogicError, VirtualMachineError


@cache
def keep_reasons() -> None:
    """Let `ape.reverts` see the reasons; at once, for good, and for the plugins that are there."""
    with suppress(ImportError):
        _keep_on_foundry()
    with suppress(ImportError):
        _keep_on_hardhat()


def _keep_on_foundry() -> None:
    """ape-foundry prints the trace of every revert, expected or not, and looks in it for a reason
    where there is none, over which it may stumble.
    """
    from ape.exceptions import ContractLogicError
    from ape_foundry.provider import FoundryProvider

    def handle(
        self: FoundryProvider,
        exception: Exception,
        revert_message: str | None = None,
        **kwargs: Any,
    ) -> ContractLogicError:
        reason = None if revert_message == "0x" else revert_message
        reason = (reason or ContractLogicError.DEFAULT_MESSAGE).removeprefix("revert: ")
        return ContractLogicError(reason, base_err=exception, **kwargs)

    provider: Any = FoundryProvider
    provider._handle_execution_reverted = handle
    provider._extract_custom_error = lambda *_, **__: ""


def _keep_on_hardhat() -> None:
    """ape-hardhat expects the errors of web3 6: a ValueError around the dictionary of the node."""
    from ape_hardhat.provider import HardhatProvider
    from web3.exceptions import Web3RPCError

    translate = HardhatProvider.get_virtual_machine_error
    send = HardhatProvider.send_transaction

    def get_virtual_machine_error(
        self: HardhatProvider, exception: Exception, **kwargs: Any
    ) -> VirtualMachineError:
        response = getattr(exception, "rpc_response", None) or {}
        error = response.get("error")
        txn = kwargs.pop("txn", None)  # kept back: its trace would be printed
        translated = translate(self, ValueError(error) if error else exception, **kwargs)
        translated.txn = txn
        return translated

    @wraps(send)  # keeps the mark that Ape's own wrapper leaves
    def send_transaction(self: HardhatProvider, txn: TransactionAPI) -> ReceiptAPI:
        try:
            return send(self, txn)
        except Web3RPCError as error:  # from an impersonated sender
            raise self.get_virtual_machine_error(error, txn=txn) from error

    provider: Any = HardhatProvider
    provider.get_virtual_machine_error = get_virtual_machine_error
    provider.send_transaction = send_transaction
