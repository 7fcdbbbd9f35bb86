"""Waits for the chain: until it has taken what was sent, and until it will not give it back."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from ringfence.exceptions import DeploymentError

if TYPE_CHECKING:
    from ape.api import ProviderAPI

Report = Callable[[str], None]
PATIENCE = 300  # [s] for what an earlier run sent to be mined
PAUSE = 2  # [s] between two looks


def await_pending(provider: ProviderAPI, sender: str, report: Report) -> None:
    """Wait for what an earlier run sent: what it did must be seen before this one goes on.

    :raises DeploymentError: if it is not mined in time.
    """
    web3: Any = provider.web3
    deadline = monotonic() + PATIENCE
    while web3.eth.get_transaction_count(sender, "pending") > web3.eth.get_transaction_count(
        sender
    ):
        report(f"waiting for a transaction that {sender} sent before")
        if monotonic() > deadline:
            raise DeploymentError(
                f"a transaction of {sender} was not mined in {PATIENCE} s; replace it by one with a"
                " higher fee, then run the command again"
            )
        sleep(PAUSE)


def await_confirmations(provider: ProviderAPI, report: Report) -> None:
    """Wait once for all that was sent, as many blocks as Ape's configuration of the network says.

    :raises DeploymentError: if the chain stands still.
    """
    wanted = provider.network.required_confirmations
    if wanted == 0:
        return
    last, deadline = _height(provider), monotonic() + PATIENCE
    report(f"waiting for {wanted} confirmations")
    while _height(provider) < last + wanted:
        if monotonic() > deadline:
            raise DeploymentError(
                f"the chain grew by less than {wanted} blocks in {PATIENCE} s; run the command"
                " again when it does, without --replace"
            )
        sleep(max(1, min(PAUSE, provider.network.block_time)))


def _height(provider: ProviderAPI) -> int:
    return int(provider.get_block("latest").number or 0)
