"""What happens to the others when a vault fails (P7), tried on a copy of the chain."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from ringfence.segregation.in_place import failed_in_place
from ringfence.segregation.on_fork import failed_on_fork
from ringfence.segregation.state import places
from ringfence.standing import is_own_chain

if TYPE_CHECKING:
    from ringfence.market import Market

Json = dict[str, Any]


def failures(market: Market, report: Json) -> list[Json] | None:
    """Let each vault in debt fail, and say what else that changed; None if no copy can be made.

    A node is forked. A chain in this process is put back as it was, if its prices may be made up.
    """
    provider = market.provider
    has_node = str(getattr(provider, "uri", "")).startswith("http")
    is_told = all(it is not None for it in places(report).values())
    if has_node and is_told and shutil.which("anvil") is not None:
        return failed_on_fork(market, report)
    is_latest = provider.get_block("latest").number == report["block"]["number"]
    if is_latest and is_own_chain(provider) and market.feeds:
        return failed_in_place(market, report)
    return None
