"""What of a market is measured for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ringfence.dashboard.metrics import Metric, exposition

Facts = dict[str, Any]


def metrics_of(facts: Facts) -> str:
    """Write what an operator's facts come to, of one market and block."""
    return exposition(_metrics(facts))


def _metrics(facts: Facts) -> Iterator[Metric]:
    market = {"market": facts["market"]["name"]}
    pool, proof = facts["pool"], facts["proof"]

    def gauge(name: str, text: str, value: Any) -> Metric:
        return Metric(f"ringfence_{name}", text, "gauge", [(market, value)])

    def gauges(name: str, text: str, label: str, values: dict[str, Any]) -> Metric:
        samples = [(market | {label: key}, value) for key, value in values.items()]
        return Metric(f"ringfence_{name}", text, "gauge", samples)

    yield gauge("block_number", "Block that is told of.", facts["block"]["number"])
    yield gauge("block_timestamp_seconds", "When it was made.", facts["block"]["timestamp"])
    yield gauge("pool_assets", "What lenders have. [asset]", pool["total_assets"])
    yield gauge("pool_cash", "Of it, what is not lent. [asset]", pool["cash"])
    yield gauge("pool_debt", "Of it, what is lent. [asset]", pool["total_debt"])
    yield gauge("pool_utilisation_ratio", "Share that is lent.", pool["utilisation"])
    yield gauge("pool_borrow_rate", "Nominal, a year.", pool["borrow_rate"])
    yield gauge("pool_pause_level", "0, 1 or 2.", pool["pause_level"])
    yield gauge("pool_borrowing_stopped", "1 after losses.", int(pool["is_stopped"]))
    yield gauge("insurance_fund", "Its shares and cash. [asset]", facts["insurance"]["fund"])
    losses = facts["losses"]
    yield gauge("liquidations", "So far.", losses["liquidations"])
    yield gauge("written_off", "Bad debt so far. [asset]", losses["written_off"])
    breaks = facts["breaks"]
    yield gauge("breaks", "Books against chain.", None if breaks is None else len(breaks))
    yield gauge("vaults_on_hold", "By the officer.", len(facts["holds"]))
    yield gauge("announced_changes", "Calls that wait.", len(facts["pending"]))
    classes = {it["class"]: it for it in facts["classes"]}
    for name, text in (
        ("vaults", "Vaults of a class."),
        ("in_debt", "Of them, those that owe."),
        ("equity", "Of all of a class. [quote currency]"),
        ("debt", "Of all of a class. [quote currency]"),
        ("deficits", "What some lack. [quote currency]"),
    ):
        values = {key: it[name] for key, it in classes.items()}
        yield gauges(f"class_{name}", text, "class", values)
    health = {it["health"]: it["vaults"] for it in facts["health"]}
    yield gauges("vaults_by_health", "Vaults in a range of health.", "health", health)
    for name, key, text in (
        ("price", "price", "Of a whole token. [quote currency]"),
        ("price_is_live", "is_live", "1 if it counts for new risk."),
        ("price_age_seconds", "age", "Since the feed's last answer."),
    ):
        samples = [
            (market | {"symbol": it["symbol"], "token": it["token"]}, it[key])
            for it in facts["prices"]
        ]
        yield Metric(f"ringfence_{name}", text, "gauge", samples)
    if proof is not None:
        yield gauge("proof_age_seconds", "Of the last proof.", proof["age"])
        passed = {it["id"]: int(it["status"] == "pass") for it in proof["checks"]}
        yield gauges("proof_passed", "1 if a check passed.", "check", passed)
