"""The daily computation: what each class of money holds, token by token, and what it has to hold.

What a vault owes is what lenders may claim of what it holds. A vault that owes more than it holds
of a token never lowers what the others must have: deficits are added up on their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
CLIENT, HOUSE = "client", "house"
LENDERS, INSURANCE = "lenders", "insurance"


def computed(report: Json) -> list[Json]:
    """Return a row for each class and token of a report.

    `required` is the sum of positive net equities of clients, and what lenders may claim, the
    insurance fund with its shares among them; the house owes itself nothing. `excess` is what is
    held or lent beyond it, `claimed` the part of that which lenders have a claim on, and
    `residual_interest` the rest: the house's own. Among what clients hold there is none, because
    the house has vaults of its own.
    """
    return [_told(row) for row in _rows(report)]


def _rows(report: Json) -> Iterator[Json]:
    asset, pool = report["market"]["asset"], report["pool"]
    for token in (it["token"] for it in report["tokens"]):
        for fund_class in (CLIENT, HOUSE):
            yield _of_vaults(report, fund_class, token, is_asset=token == asset)
        held = _units(pool["holdings"]["pool"][token])
        owed = int(pool["total_assets"]) if token == asset else 0
        lent = int(pool["total_debt"]) if token == asset else 0
        yield {
            "class": LENDERS,
            "token": token,
            "held": held,
            "lent": lent,
            "claimed": 0,
            "required": owed,
            "deficits": 0,
        }
        yield {
            "class": INSURANCE,
            "token": token,
            "held": _units(pool["holdings"]["fund"][token]),
            "lent": 0,
            "claimed": 0,
            "required": 0,
            "deficits": 0,
        }


def _of_vaults(report: Json, fund_class: str, token: str, is_asset: bool) -> Json:
    """Add up the vaults of a class; debt is owed in the credit asset only."""
    chosen = [it for it in report["vaults"] if it["chain"]["fund_class"] == fund_class]
    pairs = [
        (_units(it["chain"]["balances"][token]), int(it["debt"]) if is_asset else 0)
        for it in chosen
    ]
    return {
        "class": fund_class,
        "token": token,
        "held": sum(held for held, _ in pairs),
        "lent": 0,
        "claimed": sum(min(held, owed) for held, owed in pairs),
        "required": sum(max(0, held - owed) for held, owed in pairs if fund_class == CLIENT),
        "deficits": sum(max(0, owed - held) for held, owed in pairs),
    }


def _told(row: Json) -> Json:
    excess = row["held"] + row["lent"] - row["required"]
    whole = row | {"excess": excess, "residual_interest": excess - row["claimed"]}
    return {name: str(it) if isinstance(it, int) else it for name, it in whole.items()}


def _units(told: str | None) -> int:
    """A balance; nothing is counted of a token that does not tell it."""
    return int(told or 0)
