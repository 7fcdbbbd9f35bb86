"""A statement as a page to be read, and printed on A4."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.pages import render
from ringfence.statements.forms import hash_of
from ringfence.statements.pictures import pictures

if TYPE_CHECKING:
    from ringfence.statements.document import Statement

Facts = dict[str, Any]


def as_html(statement: Statement, template: str = "statement.html") -> bytes:
    """Write a statement as HTML."""
    facts = statement.facts
    return render(
        template,
        it=facts,
        pictures=pictures(statement),
        adds_up=adds_up(facts),
        dead=[price["symbol"] for price in facts["prices"] if not price["is_live"]],
        hash=hash_of(facts),
    )


def adds_up(facts: Facts) -> bool:
    """Tell whether opening and movements are the closing, and the chain agrees."""
    return all(it["adds_up"] and it["chain_agrees"] for it in facts["checks"])
