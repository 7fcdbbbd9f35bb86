"""Reports one after another: each names the hash of the one before it, so that a gap shows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ringfence.segregation.form import hash_of

Json = dict[str, Any]


def following(previous: Json | None, asof: Json | None) -> Json:
    """Return the place of a report among the others.

    :param previous: the report before it; None if it is the first.
    :param asof: day and cutoff that it is of, if it is of a day's. [YYYY-MM-DD, HH:MMZ]
    """
    number = 1 if previous is None else previous["number"] + 1
    link = None if previous is None else link_to(previous)
    return {"number": number, "asof": asof, "previous": link}


def link_to(previous: Json) -> Json:
    """Return how a report names the one before it, and the last day that there is a report of."""
    last = previous["asof"] or previous["previous"] or {}
    return {
        "number": previous["number"],
        "day": last.get("day"),
        "hash": hash_of(previous),
        "block": previous["block"]["number"],
    }


def breaks_between(previous: Json, report: Json) -> list[str]:
    """Return why a report does not follow another one; nothing if it does."""
    told = report["previous"]
    if told is None:
        return [f"report {report['number']} names none before it"]
    one, other = (
        (it["market"]["chain_id"], it["market"]["contracts"]["factory"])
        for it in (previous, report)
    )
    if one != other:
        return [f"report {report['number']} is of another market than the one before it"]
    return [
        f"report {report['number']} follows one whose {name} is {told[name]}, and not {found}"
        for name, found in link_to(previous).items()
        if told[name] != found
    ]


def breaks_in(report: Json) -> list[str]:
    """Return why a report cannot follow the one that it names: a day between them is missing."""
    told = report["previous"]
    if told is None:
        return [] if report["number"] == 1 else [f"report {report['number']} names none before it"]
    faults = []
    if told["number"] + 1 != report["number"]:
        faults.append(f"report {report['number']} follows report {told['number']}")
    if report["asof"] is None and told["block"] > report["block"]["number"]:
        faults.append(f"it is of block {report['block']['number']}, the one before of a later one")
    if told["day"] and report["asof"]:
        day = report["asof"]["day"]
        expected = date.fromisoformat(told["day"]) + timedelta(days=1)
        if expected.isoformat() != day:
            faults.append(f"it is as of {day}, and the one before as of {told['day']}")
    return faults
