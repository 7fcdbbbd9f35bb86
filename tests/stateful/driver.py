"""The shortest way to the node that Ape started: JSON-RPC over one connection that is kept, or the
in-process chain itself. Ape's own transactions take twenty times as long.
"""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from urllib.parse import urlparse

from eth_abi import decode

GAS = 12_000_000
PRICE = 10**10  # [wei] above any base fee of the in-process chain
ERROR = bytes.fromhex("08c379a0")  # selector of Error(string)
CALLER = "0x" + 39 * "0" + "1"


@dataclass(frozen=True)
class Outcome:
    """What became of a transaction: the reason of its refusal, or its logs."""

    refusal: str | None
    logs: tuple[tuple[str, tuple[str, ...]], ...] = ()  # address, topics


def reason_of(response: bytes) -> str:
    """Return the reason that a revert gave; the empty string for none."""
    if response[:4] != ERROR:
        return ""
    return decode(["string"], response[4:])[0]


def driver_of(provider):
    """Return the driver for the chain that Ape is connected to."""
    if provider.name == "test":
        return InProcess(provider)
    kinds = {"foundry": Anvil, "hardhat": Hardhat}
    return kinds[provider.name](provider.uri)


class OverHttp:
    """JSON-RPC over a connection that is kept alive."""

    def __init__(self, uri):
        at = urlparse(str(uri))
        self._line = http.client.HTTPConnection(at.hostname, at.port, timeout=60)
        self._calls = 0

    def answers(self, *requests):
        """Send (method, parameters) in one batch; return the responses in the same order."""
        body = json.dumps(
            [
                {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
                for number, (method, params) in enumerate(requests)
            ]
        )
        self._calls += 1
        found = json.loads(self._post(body))
        return sorted(found, key=lambda answer: answer["id"])

    def results(self, *requests):
        """Send a batch of which nothing may fail; return the results."""
        found = self.answers(*requests)
        for answer in found:
            assert "error" not in answer, answer["error"]
        return [answer["result"] for answer in found]

    def call(self, to, payload):
        """Return what a contract answers now."""
        request = {"from": CALLER, "to": to, "data": "0x" + payload.hex(), "gas": hex(2 * GAS)}
        return bytes.fromhex(self.results(("eth_call", [request, "latest"]))[0][2:])

    def now(self):
        """Time of the last block [unix s]."""
        return int(self.results(("eth_getBlockByNumber", ["latest", False]))[0]["timestamp"], 16)

    def save(self):
        """Note the state of the chain for one `load`."""
        return self.results(("evm_snapshot", []))[0]

    def load(self, snapshot):
        """Go back to a noted state."""
        assert self.results(("evm_revert", [snapshot]))[0] is True

    def _post(self, body):
        self._line.request("POST", "/", body, {"Content-Type": "application/json"})
        return self._line.getresponse().read()


class Anvil(OverHttp):
    """Anvil mines a transaction before it answers, and traces the ones that failed."""

    def send(self, sender, to, payload, at):
        """Make a transaction in a block of that time [unix s]."""
        timed, answer = self.answers(
            ("evm_setNextBlockTimestamp", [at]),
            ("eth_sendTransactionSync", [wish(sender, to, payload)]),
        )
        assert "error" not in timed, timed
        assert "error" not in answer, answer
        receipt = answer["result"]
        if receipt["status"] == "0x1":
            return Outcome(None, logs_of(receipt))
        return Outcome(self._reason_of(receipt["transactionHash"]))

    def _reason_of(self, transaction):
        how = {"tracer": "callTracer", "tracerConfig": {"onlyTopCall": True}}
        trace = self.results(("debug_traceTransaction", [transaction, how]))[0]
        return reason_of(bytes.fromhex(trace.get("output", "0x")[2:]))


class Hardhat(OverHttp):
    """Hardhat mines a transaction before it answers, and answers a failed one with its revert."""

    def send(self, sender, to, payload, at):
        """Make a transaction in a block of that time [unix s]."""
        self.results(("evm_setNextBlockTimestamp", [at]))
        (answer,) = self.answers(("eth_sendTransaction", [wish(sender, to, payload)]))
        if "error" in answer:
            response = answer["error"]["data"].get("data", "0x")
            return Outcome(reason_of(bytes.fromhex(response[2:])))
        receipt = self.results(("eth_getTransactionReceipt", [answer["result"]]))[0]
        return Outcome(None, logs_of(receipt))


class InProcess:
    """The chain inside this process: called before it is sent, since it keeps no reasons."""

    def __init__(self, provider):
        self._chain = provider.tester.ethereum_tester

    def send(self, sender, to, payload, at):
        """Make a transaction in a block of that time [unix s]."""
        from eth_tester.exceptions import TransactionFailed

        self._chain.time_travel(at)
        wanted = self._wish(sender, to, payload)
        refusal = None
        try:
            self._chain.call(wanted, "pending")
        except TransactionFailed as failed:
            refusal = reverted_with(failed)
        hashed = self._chain.send_transaction(wanted)
        receipt = self._chain.get_transaction_receipt(hashed)
        assert receipt["status"] == (0 if refusal is not None else 1), refusal
        return Outcome(refusal, () if refusal is not None else logs_of(receipt))

    def call(self, to, payload):
        """Return what a contract answers now."""
        wanted = self._wish(self._chain.get_accounts()[0], to, payload)
        return bytes.fromhex(self._chain.call(wanted | {"gas": 2 * GAS}, "latest")[2:])

    def now(self):
        """Time of the last block [unix s]."""
        return self._chain.get_block_by_number("latest")["timestamp"]

    def save(self):
        """Note the state of the chain for one `load`."""
        return self._chain.take_snapshot()

    def load(self, snapshot):
        """Go back to a noted state."""
        self._chain.revert_to_snapshot(snapshot)

    def _wish(self, sender, to, payload):
        return {
            "from": sender,
            "to": to,
            "data": "0x" + payload.hex(),
            "gas": GAS,
            "gas_price": PRICE,
        }


def wish(sender, to, payload):
    """A transaction of an account that the node can sign for."""
    return {"from": sender, "to": to, "data": "0x" + payload.hex(), "gas": hex(GAS)}


def logs_of(receipt):
    """Address and topics of each log of a receipt."""
    return tuple(
        (log["address"].lower(), tuple(map(str, log["topics"]))) for log in receipt["logs"]
    )


def reverted_with(failed):
    """The reason in an exception of the in-process chain, which is text or raw bytes."""
    text = str(failed.args[0]) if failed.args else ""
    if text.startswith("b'") or text.startswith('b"'):
        return ""
    return "" if text in ("0x", "") else text.removeprefix("execution reverted: ")
