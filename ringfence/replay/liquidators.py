"""What liquidators do at one price: the least healthy vault first, each as far as money goes.

They bring the same money to every vault. Were it one purse for all, the vaults would compete for
it, and what happens to one would hang on another: in the purse, not in the contracts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ringfence.replay import clients as story
from ringfence.replay.isolation import Sight, Sighting
from ringfence.replay.stage import Stage
from ringfence.units import WAD, to_wad

if TYPE_CHECKING:
    from ape.api import ReceiptAPI

FIRST_LIQUIDATION = 300  # second after a price
MOST_CALLS = 200  # at one price, so that they end before the next
INSURANCE_ROOM = 100  # repayment per insurance share on top of it, at least


@dataclass(frozen=True)
class Liquidation:
    """A liquidation or write-off as it happened; amounts in base units."""

    label: str
    at: int  # position of the price
    token: str | None  # symbol of what was seized
    repaid: int  # [asset] by the liquidator
    insurance: int  # [asset] by the liquidator, on top
    own_repaid: int  # [asset] from the vault's own credit asset
    seized: int  # [token]
    bad_debt: int  # [asset] written off
    by_shares: int  # [asset] of it borne by shares of the insurance fund
    by_cash: int  # [asset] of it borne by cash of the insurance fund
    lost: int  # [asset] of it borne by the lenders


def bring_to_health(
    stage: Stage, margins: Mapping[str, Any], at: int, second: int
) -> tuple[list[Liquidation], list[Sighting]]:
    """Liquidate until every vault is healthy or the money brought to it is spent.

    :param margins: margin of each vault at this price.
    :param at: position of the price.
    :param second: seconds from the first price to this one.
    """
    done: list[Liquidation] = []
    seen: list[Sighting] = []
    purses = dict.fromkeys(margins, stage.assets(story.LIQUIDATORS_CASH))
    enough = 2 * stage.assets(stage.config.pool.min_debt)  # for any debt that must go in one piece
    for call in range(MOST_CALLS):
        label = least_healthy({it: margins[it] for it in margins if purses[it] >= enough})
        if label is None:
            break
        stage.at(second + FIRST_LIQUIDATION + call)
        receipt, token = _liquidate(stage, label, margins[label], purses[label])
        done.append(_outcome(stage, receipt, label, token, at))
        seen.extend(_sightings(stage, receipt, label))
        purses[label] -= done[-1].repaid + done[-1].insurance
        margins = stage.margins(margins)
    return done, seen


def least_healthy(margins: Mapping[str, Any]) -> str | None:
    """Return the vault with the lowest health below one; None if all are healthy."""
    due = {label: margin.health for label, margin in margins.items() if margin.health < WAD}
    return min(due, key=lambda label: due[label]) if due else None


# -- Transactions ----------------------------------------------------------------------------------


def _liquidate(stage: Stage, label: str, margin: Any, cash: int) -> tuple[ReceiptAPI, str | None]:
    liquidator = stage.accounts[story.LIQUIDATOR]
    failing = stage.vaults[label]
    others = [vault for other, vault in stage.vaults.items() if other != label]
    tokens = list(stage.tokens.values())
    if margin.collateral_value <= to_wad(stage.config.liquidation.dust_value):
        return stage.witness.realise_loss(failing, others, tokens, sender=liquidator), None

    token = _token_to_seize(stage, label)
    repay = cash * INSURANCE_ROOM // (INSURANCE_ROOM + 1)
    terms = (stage.market.asset, failing, stage.tokens[token], repay, liquidator, others, tokens)
    return stage.witness.liquidate(*terms, sender=liquidator), token


def _token_to_seize(stage: Stage, label: str) -> str:
    """Choose the collateral with the lowest maintenance LTV: if any restores health, it does."""
    vault = stage.vaults[label]
    enabled = {str(address) for address in vault.collaterals()}
    credit = stage.config.credit_asset.symbol
    held = [
        symbol
        for symbol, token in stage.tokens.items()
        if symbol != credit and token.address in enabled and token.balanceOf(vault) > 0
    ]
    return min(held, key=lambda it: stage.config.token(it).maintenance_ltv, default=credit)


# -- Events ----------------------------------------------------------------------------------------


def _outcome(
    stage: Stage, receipt: ReceiptAPI, label: str, token: str | None, at: int
) -> Liquidation:
    (log,) = receipt.decode_logs(stage.vaults[label].Liquidated)
    written = next(iter(receipt.decode_logs(stage.market.pool.DebtWrittenOff)), None)
    return Liquidation(
        label=label,
        at=at,
        token=token,
        repaid=log.repaid,
        insurance=log.insurance,
        own_repaid=log.own_repaid,
        seized=log.seized,
        bad_debt=written.assets if written else 0,
        by_shares=written.covered_by_shares if written else 0,
        by_cash=written.covered_by_cash if written else 0,
        lost=written.lost if written else 0,
    )


def _sightings(stage: Stage, receipt: ReceiptAPI, failing: str) -> Iterator[Sighting]:
    """Pair what the witness saw of each other vault before and after."""
    logs = list(receipt.decode_logs(stage.witness.Seen))
    before = {log.vault: _sight(log) for log in logs if not log.is_after}
    after = {log.vault: _sight(log) for log in logs if log.is_after}
    for label, vault in stage.vaults.items():
        if label != failing:
            yield Sighting(label, failing, before[vault.address], after[vault.address])


def _sight(log: Any) -> Sight:
    return Sight(
        balances=tuple(log.balances),
        debt=log.debt,
        scaled_debt=log.scaled_debt,
        owner=int(log.owner, 16),
        fund_class=log.fund_class,
        collateral_mask=log.collateral_mask,
        hold_until=log.hold_until,
    )
