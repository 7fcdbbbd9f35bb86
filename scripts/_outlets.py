"""Where calls go: to the chain, signed by an account; to the screen; or into a file for a Safe."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ringfence.calls import send_all
from ringfence.reasons import explained
from ringfence.safe import batch

MINUTES, DAY = 600, 86_400  # [s] for which a call with a deadline holds


@dataclass(frozen=True)
class Sending:
    """An account sends the calls."""

    account: Any
    yes: bool
    patience = MINUTES

    def confirm(self, lines):
        """Show what will change, and ask; a no ends the command with exit code 1."""
        for line in lines:
            click.echo(line)
        if not self.yes:
            click.confirm("Send it?", abort=True)

    def take(self, calls, provider):
        """Send them; return the last receipt."""
        with explained():
            return send_all(calls, self.account)


@dataclass(frozen=True)
class Emitting:
    """Nothing is sent: what will change is told apart from the calls, which others may read."""

    account: Any  # who will send it
    patience = DAY  # people sign in turn

    def confirm(self, lines):
        """Show what will change."""
        for line in lines:
            click.echo(line, err=True)


class Printing(Emitting):
    """The calls are printed, a line of JSON each."""

    def take(self, calls, provider):
        """Print them; there is no receipt."""
        for call in calls:
            raw = {
                "chainId": provider.chain_id,
                "from": str(self.account.address),
                "to": call.to,
                "value": 0,
                "data": "0x" + call.data.hex(),
            }
            click.echo(json.dumps(raw))
            click.echo(f"{call.to}.{call.text}", err=True)


@dataclass(frozen=True)
class SafeFile(Emitting):
    """The calls become a batch that the Transaction Builder of a Safe imports."""

    path: Path

    def take(self, calls, provider):
        """Write the file; there is no receipt."""
        told = "; ".join(call.text for call in calls)
        safe = str(self.account.address)
        whole = batch(calls, provider.chain_id, safe, told, int(time.time()))
        self.path.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
        for call in calls:
            click.echo(f"{call.to}.{call.text}", err=True)
        click.echo(f"wrote {self.path}; import it in the Transaction Builder of {safe}")
