"""An Anvil that forks a node: a copy of its chain on which anything may be tried."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

from web3 import HTTPProvider, Web3

from ringfence.anvil import free_port, running
from ringfence.exceptions import RingfenceError
from ringfence.ledger.entries import WORD

Json = dict[str, Any]
SENDER = "0x" + 19 * "5e" + "71"  # who sends all transactions there: nobody
COINS = 10**24  # [wei]
GAS = 10_000_000
MINING_LIMIT = 60  # [s] for a transaction to be mined
PATIENCE = 600  # [s] for an answer


@contextmanager
def forked(uri: str, block: int) -> Iterator[Fork]:
    """Yield a copy of a node's chain up to a block."""
    forks = ("--fork-url", uri, "--fork-block-number", str(block), "--no-rate-limit")
    with running(free_port(), *forks) as copy:
        fork = Fork(Web3(HTTPProvider(copy, request_kwargs={"timeout": PATIENCE})))
        fork.ask("anvil_setBalance", SENDER, hex(COINS))
        fork.ask("anvil_impersonateAccount", SENDER)
        yield fork


@dataclass(frozen=True)
class Fork:
    """The copy."""

    web3: Web3

    def ask(self, method: str, *arguments: object) -> Any:
        """Return what the node answers.

        :raises RingfenceError: with its words, if it refuses.
        """
        provider: Any = self.web3.provider
        answer = provider.make_request(method, list(arguments))
        if "error" in answer:
            raise RingfenceError(f"{method}: {answer['error'].get('message', answer['error'])}")
        return answer["result"]

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Put everything back as it was."""
        before = self.ask("evm_snapshot")
        try:
            yield
        finally:
            self.ask("evm_revert", before)

    def call(self, to: str, data: bytes) -> bytes:
        """Return what a contract answers."""
        asked = {"from": SENDER, "to": to, "data": "0x" + bytes(data).hex()}
        return bytes.fromhex(self.ask("eth_call", asked, "latest")[2:])

    def send(self, to: str, data: bytes) -> Json:
        """Send a transaction; return its receipt."""
        sent = {"from": SENDER, "to": to, "data": "0x" + bytes(data).hex(), "gas": hex(GAS)}
        transaction = self.ask("eth_sendTransaction", sent)
        until = monotonic() + MINING_LIMIT
        while monotonic() < until:
            receipt: Json | None = self.ask("eth_getTransactionReceipt", transaction)
            if receipt is not None:
                return receipt
            sleep(0.003)
        raise RingfenceError(f"the copy mined no {transaction} in {MINING_LIMIT} s")

    def slot(self, contract: str, slot: int) -> int:
        """Return what a contract stores."""
        return int(self.ask("eth_getStorageAt", contract, hex(slot), "latest"), 16)

    def put(self, contract: str, slot: int, word: int) -> None:
        """Let a contract store something else."""
        self.ask("anvil_setStorageAt", contract, f"0x{slot:064x}", f"0x{word:064x}")

    def put_code(self, contract: str, code: bytes) -> None:
        """Let a contract be another."""
        self.ask("anvil_setCode", contract, "0x" + code.hex())

    def trace(self, transaction: str) -> Json:
        """Return what a transaction changed, before and after it, by account."""
        options = {"tracer": "prestateTracer", "tracerConfig": {"diffMode": True}}
        found: Json = self.ask("debug_traceTransaction", transaction, options)
        return found


def changed_slots(trace: Json) -> Iterator[tuple[str, int]]:
    """Yield each slot that a transaction changed; one that became zero is told before only."""
    for contract in trace["pre"].keys() | trace["post"].keys():
        before, after = (
            {int(slot, 16): int(word, 16) for slot, word in it.get("storage", {}).items()}
            for it in (trace["pre"].get(contract, {}), trace["post"].get(contract, {}))
        )
        for slot in before.keys() | after.keys():
            if before.get(slot, 0) != after.get(slot, 0):
                yield contract, slot


def feed_code(answer: int, started_at: int | None = None) -> bytes:
    """Return the code of a feed that always answers the same, as updated now.

    :param started_at: when the round began; now, unless told. [unix s]
    """
    now = bytes.fromhex("42")  # TIMESTAMP
    started = now if started_at is None else _push(started_at)
    words = (_push(1), _push(answer), started, now, _push(1))
    stored = b"".join(
        word + bytes([0x60, WORD * at, 0x52]) for at, word in enumerate(words)
    )  # MSTORE
    return stored + bytes([0x60, WORD * len(words), 0x60, 0, 0xF3])  # RETURN


def _push(number: int) -> bytes:
    return b"\x7f" + number.to_bytes(WORD)
