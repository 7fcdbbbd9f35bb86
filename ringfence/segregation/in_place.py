"""Lets vaults fail on a chain of one's own, which is put back as it was after each of them.

Prices fall as far as the oracle believes them, and a vault is liquidated until it owes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ape import accounts

from ringfence.exceptions import RingfenceError
from ringfence.model.fixed_point import MAX_UINT
from ringfence.reasons import explained
from ringfence.segregation.failing import liquidations, outcome
from ringfence.testing.isolation import standings

if TYPE_CHECKING:
    from ringfence.market import Market

Json = dict[str, Any]
LIQUIDATOR = -1  # the last of the test accounts


def failed_in_place(market: Market, report: Json) -> list[Json]:
    """Let each vault in debt of a report fail."""
    provider = market.provider
    told = []
    for vault in report["vaults"]:
        if int(vault["debt"]) > 0:
            before = provider.snapshot()
            try:
                told.append(_failed(market, vault))
            finally:
                provider.restore(before)
    return told


def _failed(market: Market, vault: Json) -> Json:
    address, liquidator = vault["vault"], accounts.test_accounts[LIQUIDATOR]
    contract = market.vault_at(address)
    market.asset.mint(liquidator, 2 * int(vault["debt"]), sender=liquidator)
    market.asset.approve(address, MAX_UINT, sender=liquidator)
    _crash(market, vault, liquidator)
    others = standings(market, but=[address])
    refusal, sent = "", 0
    for method, given in liquidations(market, vault, liquidator):
        if contract.scaled_debt() == 0:
            break
        try:
            with explained():
                method(*given, sender=liquidator)
            sent += 1
        except RingfenceError as error:
            refusal = str(error)
    after = standings(market, but=[address])
    owes = contract.scaled_debt() > 0
    touched = [f"{it}: {what}" for it in others for what in others[it].differences(after[it])]
    return outcome(vault, sent, owes, refusal, touched)


def _crash(market: Market, vault: Json, keeper: Any) -> None:
    """Let the prices of a vault's collateral fall; that of what is lent stays, and lives."""
    for symbol, feed in market.feeds.items():
        token = market.token(symbol)
        has_fallen = str(token.address) in vault["chain"]["collaterals"] and token != market.asset
        answer = market.oracle.feed_of(token).lowest if has_fallen else feed.answer()
        feed.set_answer(answer, sender=keeper)
