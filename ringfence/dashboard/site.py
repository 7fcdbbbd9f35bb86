"""A market as a site: a page for its operator, and for each client one that is his alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ringfence.charts import Bin, Chart, histogram, ladder, money
from ringfence.charts.histogram import Tone
from ringfence.dashboard.numbers import metrics_of
from ringfence.pages import render
from ringfence.statements.forms import as_csv, as_json, written_json
from ringfence.statements.page import as_html

if TYPE_CHECKING:
    from ringfence.dashboard.operator import Operator
    from ringfence.statements.document import Statement

Facts = dict[str, Any]
Files = dict[str, bytes]  # by place
LISTED = 1_000  # vaults on one page
TONES: dict[str, Tone] = {
    "below 1": "bad",
    "1 to 1.05": "warn",
    "1.05 to 1.2": "warn",
    "unknown": "bad",
}


@dataclass(frozen=True)
class List:
    """A page of vaults."""

    path: str
    name: str
    rows: Sequence[Facts]


def operator_files(operator: Operator, proof: Facts | None, pages: Mapping[str, str]) -> Files:
    """Return what an operator sees.

    :param pages: of clients, by vault.
    """
    facts = operator.facts(proof)
    lists = list(_lists(operator))
    shown = {"lists": lists, "pages": pages}
    used = sum(it.is_used(operator.looking.tokens) for it, _ in operator.rows)
    files = {
        it.path: render(
            "vaults.html",
            here=it.path,
            rows=it.rows,
            market=facts["market"],
            block=facts["block"],
            **shown,
        )
        for it in lists
    }
    files["index.html"] = render(
        "operator.html",
        it=facts,
        pictures=_pictures(facts),
        without_page=0 if pages else used,
        **shown,
    )
    files["market.json"] = written_json(facts)
    files["metrics.txt"] = metrics_of(facts).encode()
    return files


def client_files(statement: Statement) -> Files:
    """Return what the owner of a vault sees: of his vault alone."""
    facts = statement.facts
    place = page_of(facts["vault"]["address"]).removesuffix(".html")
    return {
        f"{place}.html": as_html(statement, "client.html"),
        f"{place}.json": as_json(facts),
        f"{place}.csv": as_csv(facts),
    }


def page_of(vault: str) -> str:
    """Return the place of a client's page."""
    return f"vaults/{vault}.html"


def _lists(operator: Operator) -> Iterator[List]:
    rows = [operator.row_facts(*it) for it in operator.rows]
    for first in range(0, max(1, len(rows)), LISTED):
        some = rows[first : first + LISTED]
        name = f"Vaults {some[0]['id']}–{some[-1]['id']}" if len(rows) > LISTED else "Vaults"
        yield List(f"vaults-{first // LISTED + 1}.html", name, some)


def _pictures(facts: Facts) -> dict[str, Chart]:
    unit = money(facts["market"]["quote"])
    bins = [
        Bin(it["health"], it["vaults"], TONES.get(it["health"], "plain")) for it in facts["health"]
    ]
    title = "Debt that can be liquidated if all prices fall"
    left_out = facts["insurance"]["left_out"]
    untold = f"Vaults whose margin is not known are left out: {left_out}" if left_out else ""
    return {
        "health": histogram("health", "Vaults by health", bins),
        "ladder": ladder("ladder", title, facts["ladder"], "today's prices", unit, untold),
    }
