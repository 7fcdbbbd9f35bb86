"""Which markets there are, and where their contracts stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ringfence.cli.desk import Command, is_standing
from ringfence.cli.facts import tell
from ringfence.cli.options import csv_option, json_option, manifests_option, reads
from ringfence.exceptions import ManifestError
from ringfence.manifest import Manifest, manifests_on

if TYPE_CHECKING:
    from ape.api import ProviderAPI

    from ringfence.cli.desk import Desk


@click.group(short_help="Show which markets there are, and where")
def cli() -> None:
    """Show which markets there are, and where their contracts stand."""


@cli.command("list", cls=Command)
@manifests_option
@json_option
@csv_option
def list_markets(provider: ProviderAPI, manifests: Path, form: str | None) -> None:
    """List the markets that were deployed on this chain."""
    facts = [
        {"market": path.stem, "manifest": str(path), "state": state_of(provider, path)}
        for path in manifests_on(manifests, provider.chain_id)
    ]
    lines = [f"{it['market']}  {it['state']}, {it['manifest']}" for it in facts]
    tell(facts, lines or ["no market on this chain"], form)


@cli.command("show", cls=Command)
@reads
def show(desk: Desk) -> None:
    """Show where the contracts of the market stand, and what they were made of."""
    manifest = desk.market.manifest
    facts = [vars(part) for part in manifest.contracts]
    head = f"market {manifest.market}, chain {manifest.chain_id}, {manifest.compiler}"
    lines = [f"  {part.name:<16} {part.address}  {part.contract}" for part in manifest.contracts]
    desk.tell(facts, [head, *lines])


def state_of(provider: ProviderAPI, path: Path) -> str:
    """Say whether a market stands."""
    try:
        manifest = Manifest.read(path)
    except ManifestError:
        return "unreadable"
    if not manifest.is_complete:
        return "unfinished"
    return "stands" if is_standing(provider, path) else "does not stand on this chain"
