"""All that moved in a vault in a period, in the order of the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.health import value_down
from ringfence.units import from_base, from_wad

if TYPE_CHECKING:
    from ringfence.ledger.account import Account, DebtMove, Flow
    from ringfence.performance.history import History, Moment
    from ringfence.performance.looking import Looking

Facts = dict[str, Any]
TOKENS, DEBT = "tokens", "debt"  # of which a row is


def register(looking: Looking, account: Account, history: History) -> list[Facts]:
    """Return every movement after the opening, up to the closing; amounts in whole tokens, values
    at the prices at the end of the block.
    """
    moments = {it.quotes.block: it for it in history.moments[1:]}
    told = [
        (it.position, _flow(looking, it, moments[it.block]))
        for it in account.flows
        if it.block in moments
    ]
    told += [
        (it.position, _debt_move(looking, it, moments[it.block]))
        for it in account.debt_moves
        if it.block in moments
    ]
    told.sort(key=lambda it: (it[1]["block"], it[0]))
    return [row for _, row in told]


def _flow(looking: Looking, flow: Flow, moment: Moment) -> Facts:
    row = {"of": TOKENS, "kind": flow.kind, "counterparty": flow.counterparty}
    return _row(looking, moment, flow.tx, flow.token, flow.amount) | row


def _debt_move(looking: Looking, move: DebtMove, moment: Moment) -> Facts:
    row = {"of": DEBT, "kind": move.kind, "counterparty": move.counterparty}
    return _row(looking, moment, move.tx, looking.asset.address, move.assets) | row


def _row(looking: Looking, moment: Moment, tx: bytes, token: str, units: int) -> Facts:
    known = looking.tokens.get(token)
    price = moment.quotes.prices.get(token)
    return {
        "block": moment.quotes.block,
        "timestamp": moment.timestamp,
        "transaction": "0x" + tx.hex(),
        "token": token,
        "symbol": None if known is None else known.symbol,
        "amount": from_base(units, 0 if known is None else known.decimals),
        "value": None
        if known is None or price is None
        else from_wad(_signed(units, price, known.decimals)),
    }


def _signed(units: int, price: int, decimals: int) -> int:
    value = value_down(abs(units), price, decimals)
    return value if units >= 0 else -value
