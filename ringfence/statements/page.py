"""A statement as a page to be read, and printed on A4."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ringfence.pages import render
from ringfence.statements.forms import hash_of
from ringfence.statements.pictures import pictures

if TYPE_CHECKING:
    from ringfence.statements.document import Statement

Facts = dict[str, Any]
MOST_STRAYS = 50  # movements of tokens that the market does not list


def as_html(statement: Statement, template: str = "statement.html") -> bytes:
    """Write a statement as HTML."""
    facts = statement.facts
    movements = shown(facts["movements"])
    return render(
        template,
        it=facts,
        pictures=pictures(statement),
        movements=movements,
        left_out=len(facts["movements"]) - len(movements),
        adds_up=adds_up(facts),
        had_another=_had_another(statement),
        dead=[price["symbol"] for price in facts["prices"] if not price["is_live"]],
        hash=hash_of(facts),
    )


def shown(movements: Sequence[Facts]) -> list[Facts]:
    """Return the movements that a page names: of tokens that the market does not list, which
    strangers send as they like, the first few.
    """
    strays = [it for it in movements if it["symbol"] is None]
    left_out = {id(it) for it in strays[MOST_STRAYS:]}
    return [it for it in movements if id(it) not in left_out]


def _had_another(statement: Statement) -> bool:
    """Tell whether something moved while the vault was somebody else's."""
    account = statement.account
    owners = {it.owner for it in account.flows} | {it.owner for it in account.debt_moves}
    return bool(owners - {account.owner})


def adds_up(facts: Facts) -> bool:
    """Tell whether opening and movements are the closing, and the chain agrees."""
    return all(it["adds_up"] and it["chain_agrees"] for it in facts["checks"])
