"""How a vault fails, wherever it is tried: which calls liquidate it, and what is told of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from ringfence.model.fixed_point import MAX_UINT

if TYPE_CHECKING:
    from ringfence.market import Market

Json = dict[str, Any]


def liquidations(market: Market, vault: Json, receiver: object) -> Iterator[tuple[Any, Any]]:
    """Yield the methods, with arguments, that seize each collateral in turn, and write off what is
    left.
    """
    contract = market.vault_at(vault["vault"])
    for token in vault["chain"]["collaterals"]:
        if int(vault["chain"]["balances"][token] or 0) > 0:
            yield contract.liquidate, (token, MAX_UINT, 0, receiver, MAX_UINT, b"")
    yield contract.realise_loss, ()


def outcome(vault: Json, sent: int, owes: bool, refusal: str, touched: Collection[str]) -> Json:
    """Return what a report tells of a failure."""
    return {
        "vault": vault["vault"],
        "transactions": sent,
        "has_failed": not owes and sent > 0,
        "refusal": refusal if owes else "",
        "touched": list(touched),
    }
