"""Repairs to Ape and its plugins that the suite stands on; nothing here knows the protocol.

They fit the versions pinned in `pyproject.toml`: look here first when one of those is raised.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

import pytest

from ringfence import building

if TYPE_CHECKING:
    from ape.api import ReceiptAPI, TransactionAPI
    from ape.exceptions import ContractLogicError, VirtualMachineError
    from ape.managers.chain import ChainManager
    from ape.managers.project import LocalProject

_installed = False


def install() -> None:
    """Make transactions fast, and reverts silent and worded alike, on all three chains.

    It takes effect at once and for good; calling it twice is safe.
    """
    global _installed
    if _installed:
        return

    _drop_debug_logs()
    _drop_source_tracebacks()
    _drop_traces_on_foundry()
    _keep_reasons_on_hardhat()
    _installed = True


def rebuild_if_sources_changed(project: LocalProject) -> None:
    """Recompile everything if any source changed since this last happened, or end the run."""
    from ape.exceptions import CompilerError

    if building.is_fresh(project.path):
        return
    try:
        building.rebuild(project)
    except CompilerError as error:
        pytest.exit(f"the contracts do not compile\n{error}", returncode=1)


# -- Time and isolation ----------------------------------------------------------------------------


def steady_clock(chain: ChainManager) -> None:
    """Let each block come one second after the one before, however busy the machine is.

    The other two chains do so by themselves as long as a second brings more than one block.
    """
    if chain.provider.name == "foundry":
        chain.provider.make_request("anvil_setBlockTimestampInterval", [1])


@contextmanager
def undone(chain: ChainManager) -> Iterator[None]:
    """Undo whatever happens on the chain inside, or fail.

    Ape's own isolation, which `pyproject.toml` switches off, gives up for the rest of the run, and
    without a word, when the node once does not answer a request for a snapshot; it also overlooks
    that a node refused to go back to one.
    """
    provider = chain.provider
    snapshot = provider.snapshot()
    yield
    assert provider.restore(snapshot) is not False, f"the chain did not go back to {snapshot!r}"
    chain.history.revert_to_block(chain.blocks.height)


# -- Transactions ----------------------------------------------------------------------------------


def _drop_debug_logs() -> None:
    """Ape traces every transaction to look for `print` in it; on Hardhat, opcode by opcode."""
    from ape_ethereum import provider

    provider._post_send_transaction = lambda *_: None


# -- Reverts ---------------------------------------------------------------------------------------


def _drop_source_tracebacks() -> None:
    """Ape walks a trace of each revert for its line of source, which takes longer than the rest of
    the test. The in-process chain has no traces, so there Ape logs an error for every revert.
    """
    from ape.exceptions import TransactionError

    TransactionError.source_traceback = property(lambda _: None, lambda *_: None)


def _drop_traces_on_foundry() -> None:
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

    FoundryProvider._handle_execution_reverted = handle
    FoundryProvider._extract_custom_error = lambda *_, **__: ""


def _keep_reasons_on_hardhat() -> None:
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

    HardhatProvider.get_virtual_machine_error = get_virtual_machine_error
    HardhatProvider.send_transaction = send_transaction
