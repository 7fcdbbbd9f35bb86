"""A report as CSV: a line for each vault and token, amounts in whole tokens."""

from __future__ import annotations

import csv
import io
from typing import Any

from ringfence.cells import inert
from ringfence.units import from_base

Json = dict[str, Any]
COLUMNS = ("block", "id", "vault", "class", "owner", "token", "symbol", "chain", "books", "debt")


def sheet(report: Json) -> str:
    """Write the vaults of a report."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    asset = report["market"]["asset"]
    for vault in report["vaults"]:
        chain, books = vault["chain"], vault["books"]
        for token in report["tokens"]:
            address, decimals = token["token"], token["decimals"]
            amounts = (
                chain["balances"][address],
                books["balances"][address],
                vault["debt"] if address == asset else "0",
            )
            told = (whole(it, decimals) for it in amounts)
            named = (vault["id"], vault["vault"], chain["fund_class"], chain["owner"])
            writer.writerow(
                [report["block"]["number"], *named, address, inert(token["symbol"]), *told]
            )
    return text.getvalue()


def whole(units: str | None, decimals: int) -> str:
    """Return an amount in whole tokens, exact; nothing of a token that does not tell it."""
    return "" if units is None else format(from_base(int(units), decimals), "f")
