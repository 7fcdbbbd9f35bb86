"""What a replay proves, as numbers: who bore which loss, who was touched, and `demo.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ringfence.replay.clients import Client
from ringfence.replay.isolation import Twin, breaches, debt_explained, distance, moved_in_all
from ringfence.replay.liquidators import Liquidation
from ringfence.replay.run import Ending, Run, answers

CLASSES = {False: "client", True: "house"}


@dataclass(frozen=True)
class Loss:
    """Who bore what a failing vault cost; in base units of the credit asset."""

    owner: int  # put in at the prices of that hour, less taken out and less what is left
    insurance_shares: int
    insurance_cash: int
    lenders: int
    bad_debt: int  # debt written off

    @property
    def insurance(self) -> int:
        """What the insurance fund bore."""
        return self.insurance_shares + self.insurance_cash


@dataclass(frozen=True)
class Report:
    """Both runs, compared."""

    run: Run
    losses: Mapping[str, Loss]  # of the vaults that were liquidated
    moved: Mapping[str, Mapping[str, int]]  # of each vault, while another one was liquidated
    twins: Mapping[str, Twin]  # of the vaults in both runs

    @property
    def breaches(self) -> list[str]:
        """Where isolation failed or a loss does not add up; empty if all holds."""
        unsound = [
            f"{label}: {loss.bad_debt} written off, {loss.insurance + loss.lenders} borne"
            for label, loss in self.losses.items()
            if loss.bad_debt != loss.insurance + loss.lenders
        ]
        return breaches(self.moved, self.twins.values()) + unsound


def compare(run: Run, without: Run) -> Report:
    """Compare a run with the one that the failing clients were absent from."""
    labels = list(run.stage.vaults)
    return Report(
        run=run,
        losses={label: _loss(run, label) for label in labels if label in run.failing},
        moved={label: moved_in_all(label, run.sightings) for label in labels},
        twins={label: _twin(run, without, label) for label in labels if label not in run.failing},
    )


def equity(run: Run, label: str) -> int:
    """Return what is left to the owner of a vault in the end. [asset] rounded down"""
    return _to_assets(run, int(ending_of(run).margins[label].equity))


def ending_of(run: Run) -> Ending:
    """Return the ending of a run that was played to it."""
    if run.ending is None:
        raise ValueError("the run has not ended")
    return run.ending


# -- Losses ----------------------------------------------------------------------------------------


def _loss(run: Run, label: str) -> Loss:
    done = [it for it in run.liquidations if it.label == label]
    client = next(it for it in run.stage.clients if it.label == label)
    taken = sum(loan.assets for loan in run.loans.get(label, []))
    return Loss(
        owner=_put_in(run, client) - taken - max(equity(run, label), 0),
        insurance_shares=sum(it.by_shares for it in done),
        insurance_cash=sum(it.by_cash for it in done),
        lenders=sum(it.lost for it in done),
        bad_debt=sum(it.bad_debt for it in done),
    )


def _put_in(run: Run, client: Client) -> int:
    """Return the worth of a client's deposits at the prices of that hour. [asset] rounded down"""
    config, first = run.stage.config, run.prices[0]
    said = answers(config, first, first)
    worth = 0
    for symbol, amount in client.deposits.items():
        feed = config.feeds.get(symbol)
        price, places = (said[symbol], feed.decimals) if feed else (1, 0)
        units = run.stage.units(symbol, amount)
        decimals = config.decimals_of(config.token(symbol)) + places
        worth += units * price * 10**18 // 10**decimals
    return _to_assets(run, worth)


def _to_assets(run: Run, value: int) -> int:
    """Turn a value [WAD] into credit assets at one dollar each, rounded down. [asset]"""
    scale: int = 10 ** (18 - run.stage.config.credit_asset.decimals)
    return value // scale


def _twin(run: Run, without: Run, label: str) -> Twin:
    one, other = ending_of(run), ending_of(without)
    loans, same_loans = ([loan.assets for loan in it.loans.get(label, [])] for it in (run, without))
    return Twin(
        label=label,
        balances=distance(one.balances[label], other.balances[label]),
        debt=one.margins[label].debt - other.margins[label].debt,
        is_interest=loans == same_loans
        and all(
            debt_explained(it.loans.get(label, []), ending.index) == ending.margins[label].debt
            for it, ending in ((run, one), (without, other))
        ),
    )


# -- demo.json -------------------------------------------------------------------------------------


def document(report: Report, network: str, client_version: str) -> dict[str, Any]:
    """Return what `demo.json` says; `demo.schema.json` tells what each word means."""
    run = report.run
    at = {label: vault.address for label, vault in run.stage.vaults.items()}
    return {
        "network": network,
        "client_version": client_version,
        "prices": [{"unix_s": it.unix_s, "price": f"{it.price:f}"} for it in run.prices],
        "vaults": [_vault(run, client) for client in run.stage.clients],
        "losses": {
            at[label]: {
                "vault": str(loss.owner),
                "insurance": str(loss.insurance),
                "lenders": str(loss.lenders),
            }
            for label, loss in report.losses.items()
        },
        "isolation": {at[label]: str(sum(it.values())) for label, it in report.moved.items()},
        "interest_effect": {at[label]: str(twin.debt) for label, twin in report.twins.items()},
    }


def _vault(run: Run, client: Client) -> dict[str, Any]:
    stage, label = run.stage, client.label
    return {
        "address": stage.vaults[label].address,
        "owner": str(stage.accounts[client.account].address),
        "label": label,
        "fund_class": CLASSES[client.is_house],
        "deposits": {
            symbol: str(stage.units(symbol, amount)) for symbol, amount in client.deposits.items()
        },
        "debt": str(ending_of(run).margins[label].debt),
        "liquidations": [_liquidation(run, it) for it in run.liquidations if it.label == label],
        "equity": str(equity(run, label)),
    }


def _liquidation(run: Run, it: Liquidation) -> dict[str, Any]:
    return {
        "unix_s": run.prices[it.at].unix_s,
        "token": it.token,
        "seized": str(it.seized),
        "repaid": str(it.repaid + it.own_repaid),
        "insurance": str(it.insurance),
        "written_off": str(it.bad_debt),
    }


def write(content: Mapping[str, Any], path: Path) -> None:
    """Write `demo.json`, and the folder that it is to be in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
