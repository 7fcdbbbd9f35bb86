"""Lets vaults fail on an Anvil that forks a node.

There each vault in debt is made hopeless, by raising what
it owes in its storage and in the pool's, and is liquidated until nothing is owed. A trace of each
of these transactions tells every slot that it changed, of every contract: so nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from web3 import HTTPProvider, Web3

from ringfence.anvil import free_port, running
from ringfence.exceptions import RingfenceError
from ringfence.model.fixed_point import MAX_UINT
from ringfence.model.packing import MAX_HALF, high_half, low_half, pack
from ringfence.segregation.layout import DEBT, MONEY
from ringfence.segregation.state import places

if TYPE_CHECKING:
    from ringfence.market import Market

Json = dict[str, Any]
LIQUIDATOR = "0x" + 19 * "5e" + "71"
MONEY_OF_LIQUIDATOR = 2**120  # [asset]
COINS = 10**24  # [wei]
GAS = 10_000_000
MINING_LIMIT = 60  # [s] for a transaction to be mined
PATIENCE = 600  # [s] for an answer
HOPELESS = 10  # times what the collateral is worth, at least, the debt is raised to


def failed_on_fork(market: Market, report: Json) -> list[Json]:
    """Let each vault in debt of a report fail on a fork of the node that tells of them."""
    uri, block = str(getattr(market.provider, "uri", "")), report["block"]["number"]
    with forked(uri, block) as node:
        trial = Trial(market, report, node)
        trial.prepare()
        return [trial.failed(it) for it in report["vaults"] if int(it["debt"]) > 0]


@contextmanager
def forked(uri: str, block: int) -> Iterator[Web3]:
    """Yield a node whose chain is another's up to a block."""
    forks = ("--fork-url", uri, "--fork-block-number", str(block), "--no-rate-limit")
    with running(free_port(), *forks) as copy:
        yield Web3(HTTPProvider(copy, request_kwargs={"timeout": PATIENCE}))


@dataclass(frozen=True)
class Trial:
    """A copy of a market on which vaults may fail."""

    market: Market
    report: Json
    node: Web3

    def prepare(self) -> None:
        """Give somebody the money to liquidate."""
        place = places(self.report)[self._asset]
        assert place is not None  # `failures` looked
        self._ask("anvil_setBalance", LIQUIDATOR, hex(COINS))
        self._ask("anvil_impersonateAccount", LIQUIDATOR)
        self._put(self._asset, place.of(LIQUIDATOR), MONEY_OF_LIQUIDATOR)

    def failed(self, vault: Json) -> Json:
        """Let a vault fail; all is as it was afterwards."""
        before = self._ask("evm_snapshot")
        try:
            return self._failed(vault)
        finally:
            self._ask("evm_revert", before)

    def _failed(self, vault: Json) -> Json:
        contract = self.market.vault_at(vault["vault"])
        self._make_hopeless(vault)
        approve = self.market.asset.approve
        self._send(self._asset, approve.encode_input(vault["vault"], MAX_UINT))
        balances = vault["chain"]["balances"]
        calls = [
            contract.liquidate.encode_input(it, MAX_UINT, 0, LIQUIDATOR, MAX_UINT, b"")
            for it in vault["chain"]["collaterals"]
            if int(balances[it] or 0) > 0
        ]
        touched: set[str] = set()
        refusal, sent = "", 0
        for call in (*calls, contract.realise_loss.encode_input()):
            if low_half(self._slot(vault["vault"], DEBT)) == 0:
                break
            receipt = self._send(vault["vault"], call)
            if int(receipt["status"], 16) == 0:
                refusal = self._reason(vault["vault"], call)
                continue
            sent += 1
            touched |= self._others_in(receipt["transactionHash"], vault["vault"])
        owes = low_half(self._slot(vault["vault"], DEBT))
        return {
            "vault": vault["vault"],
            "transactions": sent,
            "has_failed": owes == 0 and sent > 0,
            "refusal": refusal if owes else "",
            "touched": sorted(touched),
        }

    def _make_hopeless(self, vault: Json) -> None:
        """Raise a debt far above what the collateral is worth; the pool's books say the same."""
        address, pool = vault["vault"], str(self.market.pool.address)
        margin = self.market.engine.margin_of
        answer = self._call(margin.contract.address, margin.encode_input(address))
        ecosystem = self.market.provider.network.ecosystem
        told = ecosystem.decode_returndata(margin.abis[0], answer)[0]
        times = HOPELESS * (told.collateral_value // max(told.debt_value, 1) + 1)
        slot, money = self._slot(address, DEBT), self._slot(pool, MONEY)
        owed, total = low_half(slot), high_half(money)
        more = min(owed * times, MAX_HALF - total)
        self._put(address, DEBT, pack(owed + more, high_half(slot)))
        self._put(pool, MONEY, pack(low_half(money), total + more))

    # -- What a transaction changed ----------------------------------------------------------------

    def _others_in(self, transaction: str, vault: str) -> set[str]:
        """Return what a transaction changed of other vaults."""
        options = {"tracer": "prestateTracer", "tracerConfig": {"diffMode": True}}
        found = self._ask("debug_traceTransaction", transaction, options)
        others = {address for address in self._vaults if address.lower() != vault.lower()}
        lower = {it.lower(): it for it in others}
        touched = {lower[it] for it in found["post"] if it in lower}
        for contract, slot in _changed(found):
            owner = self._holders.get((contract, slot))
            if owner in others:
                touched.add(f"{contract} of {owner}")
        return touched

    @cached_property
    def _vaults(self) -> list[str]:
        return [it["vault"] for it in self.report["vaults"]]

    @cached_property
    def _holders(self) -> Mapping[tuple[str, int], str]:
        """Whose balance a slot of a token is."""
        return {
            (token.lower(), place.of(vault)): vault
            for token, place in places(self.report).items()
            for vault in self._vaults
            if place is not None
        }

    # -- Node --------------------------------------------------------------------------------------

    @property
    def _asset(self) -> str:
        return str(self.market.asset.address)

    def _send(self, to: str, data: bytes) -> Any:
        sent = {"from": LIQUIDATOR, "to": to, "data": "0x" + bytes(data).hex(), "gas": hex(GAS)}
        transaction = self._ask("eth_sendTransaction", sent)
        until = monotonic() + MINING_LIMIT
        while monotonic() < until:
            receipt = self._ask("eth_getTransactionReceipt", transaction)
            if receipt is not None:
                return receipt
            sleep(0.003)
        raise RingfenceError(f"the copy mined no {transaction} in {MINING_LIMIT} s")

    def _call(self, to: str, data: bytes) -> bytes:
        asked = {"from": LIQUIDATOR, "to": to, "data": "0x" + bytes(data).hex()}
        return bytes.fromhex(self._ask("eth_call", asked, "latest")[2:])

    def _reason(self, to: str, data: bytes) -> str:
        """Return why a call is refused."""
        try:
            self._call(to, data)
        except RingfenceError as error:
            return str(error)
        return "for no reason"

    def _slot(self, contract: str, slot: int) -> int:
        return int(self._ask("eth_getStorageAt", contract, hex(slot), "latest"), 16)

    def _put(self, contract: str, slot: int, word: int) -> None:
        self._ask("anvil_setStorageAt", contract, f"0x{slot:064x}", f"0x{word:064x}")

    def _ask(self, method: str, *arguments: object) -> Any:
        provider: Any = self.node.provider
        answer = provider.make_request(method, list(arguments))
        if "error" in answer:
            raise RingfenceError(f"{method}: {answer['error'].get('message', answer['error'])}")
        return answer["result"]


def _changed(trace: Json) -> Iterator[tuple[str, int]]:
    """Yield each slot that a transaction changed; one that became zero is told before only."""
    for contract in trace["pre"].keys() | trace["post"].keys():
        before, after = (
            {int(slot, 16): int(word, 16) for slot, word in it.get("storage", {}).items()}
            for it in (trace["pre"].get(contract, {}), trace["post"].get(contract, {}))
        )
        for slot in before.keys() | after.keys():
            if before.get(slot, 0) != after.get(slot, 0):
                yield contract, slot
