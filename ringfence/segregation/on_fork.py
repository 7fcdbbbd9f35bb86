"""Lets vaults fail on a fork of the chain.

There prices are alive, as the feeds said them last, and each vault in debt is made hopeless, by
raising what it owes in its storage and in the pool's; then it is liquidated until nothing is owed.
A trace of each of these transactions tells every slot that it changed: none may be another vault's,
nor the balance of one. What all owe may have grown by interest only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ringfence.exceptions import RingfenceError
from ringfence.ledger.account import NOBODY
from ringfence.ledger.entries import WORD
from ringfence.model.fixed_point import MAX_UINT
from ringfence.model.packing import MAX_HALF, high_half, low_half, pack
from ringfence.segregation.failing import liquidations, outcome
from ringfence.segregation.fork import SENDER, Fork, changed_slots, feed_code, forked
from ringfence.segregation.layout import CLOCK, DEBT, MONEY, Clock
from ringfence.segregation.state import places

if TYPE_CHECKING:
    from ringfence.market import Market

Json = dict[str, Any]
LATEST_ROUND = bytes.fromhex("feaf968c")  # latestRoundData()
PAYMENT = 2**120  # [asset] that the liquidator has
HOPELESS = 10  # times what the collateral is worth, at least, a debt is raised to


def failed_on_fork(market: Market, report: Json) -> list[Json]:
    """Let each vault in debt of a report fail on a fork of the node that tells of them."""
    uri, block = str(getattr(market.provider, "uri", "")), report["block"]["number"]
    with forked(uri, block) as fork:
        trial = Trial(market, report, fork)
        trial.prepare()
        return [trial.failed(it) for it in report["vaults"] if int(it["debt"]) > 0]


@dataclass(frozen=True)
class Trial:
    """A market on a fork, where vaults may fail."""

    market: Market
    report: Json
    fork: Fork

    # -- Before ------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Let prices live, and give somebody the money to liquidate."""
        place = places(self.report)[self._asset]
        assert place is not None  # or there would be no fork
        self.fork.put(self._asset, place.of(SENDER), min(PAYMENT, (1 << place.bits) - 1))
        oracle, block = self.market.oracle, self.report["block"]["number"]
        for token in (it["token"] for it in self.report["tokens"]):
            for view in (oracle.feed_of, oracle.second_feed_of):
                feed = view(token, block_id=block)
                if feed.source != NOBODY:
                    self._revive(str(feed.source), feed.lowest, feed.highest)
        sequencer = str(oracle.SEQUENCER())
        if sequencer != NOBODY:
            self.fork.put_code(sequencer, feed_code(answer=0, started_at=1))

    def _revive(self, feed: str, lowest: int, highest: int) -> None:
        """Let a feed say now what it said last, as far as the oracle believes it."""
        try:
            told = self.fork.call(feed, LATEST_ROUND)
        except RingfenceError:
            told = b""  # it was dead
        answer = int.from_bytes(told[WORD : 2 * WORD], signed=True)
        self.fork.put_code(feed, feed_code(max(lowest, min(answer, highest))))

    def _make_hopeless(self, vault: Json) -> None:
        """Raise a debt far above what the collateral is worth; the pool's books say the same."""
        address, pool = vault["vault"], str(self.market.pool.address)
        view = self.market.engine.margin_of
        answer = self.fork.call(str(view.contract.address), view.encode_input(address))
        ecosystem = self.market.provider.network.ecosystem
        margin = ecosystem.decode_returndata(view.abis[0], answer)[0]
        times = HOPELESS * (margin.collateral_value // max(margin.debt_value, 1) + 1)
        slot, money = self.fork.slot(address, DEBT), self.fork.slot(pool, MONEY)
        owed, total = low_half(slot), high_half(money)
        more = min(owed * times, MAX_HALF - total)
        self.fork.put(address, DEBT, pack(owed + more, high_half(slot)))
        self.fork.put(pool, MONEY, pack(low_half(money), total + more))

    # -- The failure -------------------------------------------------------------------------------

    def failed(self, vault: Json) -> Json:
        """Let a vault fail, and say what of others that changed; all is as before afterwards."""
        address = vault["vault"]
        touched: set[str] = set()
        refusal, sent = "", 0
        with self.fork.undone():
            self._make_hopeless(vault)
            self.fork.send(self._asset, self.market.asset.approve.encode_input(address, MAX_UINT))
            clock = self._clock()
            for method, arguments in liquidations(self.market, vault, SENDER):
                if self._owed(address) == 0:
                    break
                call = bytes(method.encode_input(*arguments))
                receipt = self.fork.send(address, call)
                if int(receipt["status"], 16) == 0:
                    refusal = refusal or self._reason(address, call)
                    continue
                sent += 1
                touched |= self._others_in(receipt["transactionHash"], address)
                clock, before = self._clock(), clock
                if clock.index != before.index_at(clock.time):
                    touched.add("what all others owe")
            owes = self._owed(address) > 0
        return outcome(vault, sent, owes, refusal, sorted(touched))

    def _owed(self, vault: str) -> int:
        return low_half(self.fork.slot(vault, DEBT))

    def _clock(self) -> Clock:
        return Clock.of(self.fork.slot(str(self.market.pool.address), CLOCK))

    def _reason(self, to: str, data: bytes) -> str:
        try:
            self.fork.call(to, data)
        except RingfenceError as error:
            return str(error)
        return "for no reason"

    # -- What it changed ---------------------------------------------------------------------------

    def _others_in(self, transaction: str, vault: str) -> set[str]:
        """Return what a transaction changed of other vaults."""
        trace = self.fork.trace(transaction)
        touched = {it for it in self._vaults if it != vault and it.lower() in trace["post"]}
        for contract, slot in changed_slots(trace):
            holder = self._holders.get((contract, slot), vault)
            if holder != vault:
                touched.add(f"{contract} of {holder}")
        return touched

    @property
    def _asset(self) -> str:
        return str(self.market.asset.address)

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
