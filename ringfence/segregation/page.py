"""A report as a page to be read: one file, no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

from ringfence.market import label_text
from ringfence.segregation.form import hash_of
from ringfence.segregation.sheet import whole
from ringfence.wording import moment_text

Json = dict[str, Any]
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
th, td { border-bottom: 1px solid #8885; padding: .3rem .6rem; text-align: left }
td.number { text-align: right; font-variant-numeric: tabular-nums }
code { font-size: .85em; overflow-wrap: anywhere }
.pass { color: #0a7d3c } .fail { color: #c0182b; font-weight: bold } .skipped { color: #8a6100 }
@media (prefers-color-scheme: dark) { body { background: #111; color: #ddd } }
"""
COMPUTED = ("held", "lent", "claimed", "required", "deficits", "excess", "residual_interest")
OF_VAULT = ("id", "vault", "label", "class", "owner", "token", "balance", "debt")
AMOUNTS = {*COMPUTED, "balance", "debt"}


def page(report: Json) -> str:
    """Write a report as HTML."""
    market, block = report["market"], report["block"]
    head = {
        "market": f"{market['name']}, chain {market['chain_id']}",
        "factory": market["contracts"]["factory"],
        "block": f"{block['number']}, {moment_text(block['timestamp'])}",
        "state root": block["state_root"],
        "report": f"{report['number']}, {hash_of(report)}",
        "before it": report["previous"]["hash"] if report["previous"] else "none",
        "signed by": report["signature"]["signer"] if report["signature"] else "nobody",
    }
    parts = (
        _table(("", ""), head.items()),
        "<h2>Checks</h2>",
        _table(("", "what", "status", "evidence"), map(_check, report["checks"])),
        "<h2>What each class of money holds, and what it must</h2>",
        _table(("class", "token", *COMPUTED), _computation(report)),
        "<h2>Vaults</h2>",
        _table(OF_VAULT, _vaults(report)),
        "<h2>What this does not show</h2>",
        "<ul>" + "".join(f"<li>{escape(it)}</li>" for it in report["limits"]) + "</ul>",
    )
    title = escape(f"Segregation of {market['name']} at block {block['number']}")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head>\n<body><h1>{title}</h1>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _check(check: Json) -> Sequence[str]:
    found = [check["evidence"], *check["faults"], *check["notes"]]
    return check["id"], check["title"], check["status"], "; ".join(it for it in found if it)


def _computation(report: Json) -> Iterator[Sequence[str]]:
    tokens = {it["token"]: it for it in report["tokens"]}
    for row in report["computation"]:
        token = tokens[row["token"]]
        amounts = (whole(row[it], token["decimals"]) for it in COMPUTED)
        yield row["class"], token["symbol"], *amounts


def _vaults(report: Json) -> Iterator[Sequence[str]]:
    """What each vault holds and owes; tokens that it does not have are left out."""
    asset = report["market"]["asset"]
    for vault in report["vaults"]:
        chain, label = vault["chain"], label_text(bytes.fromhex(vault["label"][2:]))
        named = (str(vault["id"]), vault["vault"], label, chain["fund_class"], chain["owner"])
        has_nothing = True
        for token in report["tokens"]:
            address, decimals = token["token"], token["decimals"]
            held, owed = chain["balances"][address], vault["debt"] if address == asset else "0"
            if held != "0" or owed != "0":
                has_nothing = False
                yield *named, token["symbol"], whole(held, decimals), whole(owed, decimals)
        if has_nothing:
            yield *named, "", "0", "0"


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(it)}</th>" for it in names)
    lines = [
        "<tr>" + "".join(_cell(name, it) for name, it in zip(names, row, strict=True)) + "</tr>"
        for row in rows
    ]
    return f"<table><tr>{head}</tr>\n" + "\n".join(lines) + "</table>"


def _cell(name: str, text: str) -> str:
    if name in AMOUNTS:
        return f'<td class="number">{escape(text)}</td>'
    if name == "status":
        return f'<td class="{escape(text)}">{escape(text)}</td>'
    is_hex = text.startswith("0x")
    return f"<td><code>{escape(text)}</code></td>" if is_hex else f"<td>{escape(text)}</td>"
