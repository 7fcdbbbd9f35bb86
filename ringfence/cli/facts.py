"""What a command has read or done, for programs: JSON, or CSV with a line of names."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from ringfence.cells import inert
from ringfence.preview import liquidation_price, margin_of
from ringfence.units import MAX_UINT, from_base, from_wad

if TYPE_CHECKING:
    from ringfence.registry import MarginRow, Opening
    from ringfence.snapshot import Holding, VaultState

JSON, CSV = "json", "csv"
LARGEST = 2**53  # integer that every reader of JSON takes exactly

Fact = Mapping[str, Any]
Facts = Fact | Sequence[Fact]  # one thing, or many of a kind


def vault_facts(state: VaultState) -> Fact:
    """A vault at a block: values in the quote currency, amounts in whole tokens."""
    margin = margin_of(state)
    return {
        "vault": state.vault,
        "owner": state.owner,
        "block": state.block,
        "collateral_value": from_wad(margin.collateral_value),
        "debt": from_base(state.debt, state.asset_decimals),
        "asset": state.asset_symbol,
        "equity": from_wad(margin.equity),
        "initial_margin": from_wad(margin.initial_margin),
        "maintenance_margin": from_wad(margin.maintenance_margin),
        "available_funds": from_wad(margin.available_funds),
        "excess_liquidity": from_wad(margin.excess_liquidity),
        "cushion": from_wad(margin.cushion),
        "health": _health(margin.health),
        "hold_until": state.hold_until if state.hold_until >= state.now else None,
        "holdings": [_holding(state, it) for it in state.holdings if it.balance or it.is_enabled],
    }


def row_facts(opening: Opening, row: MarginRow) -> Fact:
    """A vault in a list."""
    return {
        "id": opening.id,
        "vault": opening.vault,
        "label": opening.label,
        "class": opening.fund_class,
        "status": row.status,
        "dead_token": row.dead_token,
        "debt": row.debt,
        "health": None if row.health is None else _health(row.health),
    }


def _holding(state: VaultState, held: Holding) -> Fact:
    price = liquidation_price(state, held.symbol)
    return {
        "symbol": held.symbol,
        "token": held.token,
        "balance": from_base(held.balance, held.decimals),
        "is_enabled": held.is_enabled,
        "price": from_wad(held.price),
        "is_live": held.is_live,
        "liquidation_price": None if price is None else from_wad(price),
    }


def _health(health: int) -> Decimal | None:
    """Nothing without debt."""
    return None if health == MAX_UINT else from_wad(health)


# -- Forms -----------------------------------------------------------------------------------------


def tell(facts: Facts, lines: Iterable[str], form: str | None) -> None:
    """Print `lines` for people, or `facts` in a form for programs."""
    for line in lines if form is None else written(facts, form):
        click.echo(line)


def written(facts: Facts, form: str) -> Iterable[str]:
    """Write facts in a form. Amounts are texts, exact to the last digit."""
    if form == JSON:
        return [json.dumps(_whole(facts), default=_exact, indent=2)]
    rows = [facts] if isinstance(facts, Mapping) else list(facts)
    return _csv_lines([_flat(row) for row in rows])


def _csv_lines(rows: Sequence[Fact]) -> Iterable[str]:
    if not rows:
        return []
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().splitlines()


def _flat(row: Fact) -> Fact:
    """A row whose values are single: those of a mapping are named after both, a list is JSON."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{key}": it for key, it in _flat(value).items()}
        elif isinstance(value, list | tuple):
            flat[name] = json.dumps(_whole(value), default=_exact)
        else:
            flat[name] = _exact(value) if isinstance(value, Decimal) else inert(value)
    return flat


def _exact(value: object) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _whole(value: Any) -> Any:
    """The same with large integers as texts: many readers of JSON round them."""
    if isinstance(value, Mapping):
        return {key: _whole(it) for key, it in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(it) for it in value]
    is_large = isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST
    return str(value) if is_large else value
