"""Repairs to Ape and its plugins that the suite stands on; nothing here knows the protocol.

They fit the versions pinned in `pyproject.toml`: look here first when one of those is raised.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

from ringfence import building
from ringfence.testing.reverts import keep_reasons

if TYPE_CHECKING:
    from ape.managers.chain import ChainManager
    from ape.managers.project import LocalProject

MOST_STATES = "10000"  # that Anvil keeps, of some 200 kB each

_installed = False


def install() -> None:
    """Make transactions fast, and reverts silent and worded alike, on all three chains.

    It takes effect at once and for good; calling it twice is safe.
    """
    global _installed
    if _installed:
        return

    _keep_states()
    _look_often_for_receipts()
    _drop_debug_logs()
    _drop_source_tracebacks()
    keep_reasons()
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
    """Undo whatever happens on the chain inside, or fail; Ape forgets the contracts of it, too.

    Ape's own isolation, which `pyproject.toml` switches off, gives up for the rest of the run, and
    without a word, when the node once does not answer a request for a snapshot; it also overlooks
    that a node refused to go back to one, and takes a contract for the one that stood at its
    address before.
    """
    provider = chain.provider
    remembered = chain.contracts.contract_types, chain.contracts.proxy_infos
    before = [dict(cache.memory) for cache in remembered]
    snapshot = provider.snapshot()
    yield
    assert provider.restore(snapshot) is not False, f"the chain did not go back to {snapshot!r}"
    chain.history.revert_to_block(chain.blocks.height)
    for cache, memory in zip(remembered, before, strict=True):
        cache.memory = memory


def _keep_states() -> None:
    """Anvil forgets the oldest state after some 4,100 blocks, undone ones among them: whether tests
    can look back at the market's first blocks would hang on how many tests came before. What it
    keeps goes with the run, where Anvil by itself leaves it in a person's home.
    """
    from ape import config
    from ape_foundry.provider import FoundryProvider

    command = FoundryProvider.build_command
    config.DATA_FOLDER.mkdir(parents=True, exist_ok=True)
    states = TemporaryDirectory(dir=config.DATA_FOLDER, prefix="anvil-", ignore_cleanup_errors=True)

    def with_states(self: FoundryProvider) -> list[str]:
        return [*command(self), "--max-persisted-states", MOST_STATES, "--cache-path", states.name]

    FoundryProvider.build_command = with_states


# -- Transactions ----------------------------------------------------------------------------------


def _look_often_for_receipts() -> None:
    """A transaction that is not mined at once is asked for again after a tenth of a second, which
    is long where nodes mine within milliseconds.
    """
    from web3.eth import Eth

    wait = Eth.wait_for_transaction_receipt

    def wait_briefly(
        self: Eth, transaction_hash: Any, timeout: float = 120, poll_latency: float = 0.003
    ) -> Any:
        return wait(self, transaction_hash, timeout, poll_latency)

    Eth.wait_for_transaction_receipt = wait_briefly


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
