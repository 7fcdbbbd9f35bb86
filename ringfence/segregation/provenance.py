"""Where each token in a vault came from, and where it went (P5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ringfence.ledger.account import (
    DEPOSIT,
    LOAN,
    REPAYMENT,
    SEIZURE,
    SURRENDER,
    TOP_UP,
    UNSOLICITED,
    WITHDRAWAL,
)
from ringfence.segregation.checks import Check

Json = dict[str, Any]
ID, TITLE = "P5", "Every transfer is of a known kind, and none mixes vaults"

# Trading is reserved: no vault can trade, so no transfer of one is a trade.
INWARD = (DEPOSIT, TOP_UP, LOAN, UNSOLICITED)
OUTWARD = (WITHDRAWAL, SEIZURE, REPAYMENT, SURRENDER)
BETWEEN = (WITHDRAWAL, SEIZURE)  # what may end in another vault: the receiver was somebody's choice
PARTNERS = {LOAN: "pool", REPAYMENT: "pool", SURRENDER: "fund"}  # contracts of the market


@dataclass(frozen=True)
class Edge:
    """A transfer that left a vault for another one."""

    out: Json
    receiver: str | None  # who owned the other vault; None if the other side is not told
    has_other_class: bool  # it is of the house, and the other of a client, or the other way round

    @property
    def is_crossing(self) -> bool:
        """Whether the two vaults had different owners, or are of different classes."""
        return self.has_other_class or bool(self.receiver != self.out["owner"])


def known_origins(report: Json) -> Check:
    """P5: look at every transfer of the market's tokens that ever touched a vault."""
    told = report["transfers"]
    edges = list(_edges(report, told))
    faults = [fault for it in told if (fault := _fault(report, it)) is not None]
    faults += [
        f"{_text(it.out)}: into a vault of another owner"
        for it in edges
        if it.is_crossing and (it.receiver is None or it.out["kind"] not in BETWEEN)
    ]
    kinds = Counter(it["kind"] for it in told)
    parts = ", ".join(f"{kind} {kinds[kind]:,}" for kind in (*INWARD, *OUTWARD) if kinds[kind])
    notes = [*_gifts(told), *(_crossing(it) for it in edges if it.is_crossing)]
    if report["strangers"]["empty"]:
        notes.append(f"{report['strangers']['empty']:,} transfers of nothing")
    strange = report["strangers"]["transfers"]
    if strange:
        notes.append(f"{strange:,} transfers told by tokens that the market does not list")
    return Check.of(ID, TITLE, f"{len(told):,} transfers: {parts or 'none'}", faults, notes)


def _fault(report: Json, it: Json) -> str | None:
    kind, amount, partner = it["kind"], int(it["amount"]), it["counterparty"]
    if kind not in (*INWARD, *OUTWARD):
        return f"{_text(it)}: of no known kind"
    if (amount < 0) != (kind in OUTWARD):
        return f"{_text(it)}: {kind} in the wrong direction"
    contract = PARTNERS.get(kind)
    if contract is not None and partner != report["market"]["contracts"][contract]:
        return f"{_text(it)}: {kind} with another than the {contract}"
    if kind in (DEPOSIT, TOP_UP) and (partner == it["owner"]) != (kind == DEPOSIT):
        return f"{_text(it)}: {kind}, and the vault's owner is {it['owner']}"
    return None


def _edges(report: Json, told: list[Json]) -> Iterator[Edge]:
    """Find what left a vault for another one, whose side of it is told as well."""
    classes = {it["vault"]: it["chain"]["fund_class"] for it in report["vaults"]}
    owners = {_side(it, it["vault"], 1): it["owner"] for it in told}
    for it in told:
        other = it["counterparty"]
        if other in classes and int(it["amount"]) < 0:
            has_other_class = classes[other] != classes.get(it["vault"])
            yield Edge(it, owners.get(_side(it, other, -1)), has_other_class)


def _side(it: Json, vault: str, sign: int) -> tuple[str, str, str, int]:
    return it["transaction"], it["token"], vault, sign * int(it["amount"])


def _text(it: Json) -> str:
    return (
        f"{it['transaction']}: {it['amount']} of {it['token']}, {it['vault']} and"
        f" {it['counterparty']}"
    )


def _gifts(told: list[Json]) -> Iterator[str]:
    """What nobody asked for, by who sent it."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for it in told:
        if it["kind"] == UNSOLICITED and it["amount"] != "0":
            sums[it["vault"], it["counterparty"], it["token"]] += int(it["amount"])
    for (vault, sender, token), amount in sorted(sums.items()):
        yield f"unsolicited: {sender} sent {amount} of {token} to {vault}"


def _crossing(edge: Edge) -> str:
    """What an owner, or a liquidator who paid for it, had sent to a vault of another owner."""
    it = edge.out
    return (
        f"{it['kind']}: {-int(it['amount'])} of {it['token']} from {it['vault']} of {it['owner']}"
        f" to {it['counterparty']} of {edge.receiver}, {it['transaction']}"
    )
