"""Where calls go: to the chain, signed by an account; to the screen; or into a file for a Safe."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from ape.exceptions import TransactionError
from eth_utils.conversions import to_hex

from ringfence.calls import send_all
from ringfence.cli.facts import JSON, Fact, tell
from ringfence.cli.mined import mined, sent
from ringfence.reasons import explained
from ringfence.safe import batch
from ringfence.sending import attempt, send

if TYPE_CHECKING:
    from ape.api import ReceiptAPI

    from ringfence.calls import Call
    from ringfence.market import Market


MINUTES, DAY = 600, 86_400  # [s] for which a call with a deadline holds


def confirm(question: str, yes: bool) -> None:
    """Ask, unless told not to; a no ends the command with exit code 1."""
    if not yes:
        click.confirm(question, abort=True)


@dataclass(frozen=True)
class Sending:
    """An account sends the calls."""

    account: Any
    yes: bool
    patience = MINUTES
    horizon = MINUTES // 2  # [s] for which a preview holds: about what a person and a chain take
    is_later = False

    def confirm(self, lines: Iterable[str]) -> None:
        """Show what will change, and ask."""
        for line in lines:
            self.say(line)
        confirm("Send it?", self.yes)

    def say(self, line: str) -> None:
        """Tell people what will change, or what came of it."""
        click.echo(line)

    def take(self, calls: Sequence[Call], market: Market) -> ReceiptAPI | None:
        """Send them; return the last receipt."""
        with explained():
            return send_all(calls, self.account)


@dataclass(frozen=True)
class Telling(Sending):
    """An account sends the calls, and a program is told what was mined; people read the rest."""

    form: str = JSON
    mined: list[Fact] = field(default_factory=list)

    def say(self, line: str) -> None:
        """Tell people, apart from what programs read."""
        click.echo(line, err=True)

    def take(self, calls: Sequence[Call], market: Market) -> ReceiptAPI | None:
        """Send them; return the last receipt."""
        receipt = None
        with explained():
            for call in calls:
                receipt = self._take(call)
                self.mined[-1] = mined(market, call, receipt)
        return receipt

    def _take(self, call: Call) -> ReceiptAPI:
        """Send one, and note it whatever becomes of it."""
        try:
            receipt = send(call.method, *call.arguments, sender=self.account)
        except TransactionError as error:
            known = getattr(error.txn, "txn_hash", None)
            if known is not None:
                self.mined.append(sent(call, self.account.address, to_hex(known)))
            raise
        self.mined.append(sent(call, receipt.sender, str(receipt.txn_hash)))
        return receipt

    def tell(self) -> None:
        """Print what was mined, in the end: nothing, all, or what came before a failure."""
        tell(self.mined, (), self.form)


@dataclass(frozen=True)
class Emitting(ABC):
    """Nothing is sent: what will change is told apart from the calls, which others may read."""

    account: Any  # who will send it
    patience = horizon = DAY  # people sign in turn
    is_later = True

    def take(self, calls: Sequence[Call], market: Market) -> None:
        """Give the calls to whoever will send them; there is no receipt.

        One that stands alone is tried before: those of a batch need the ones before them.
        """
        if len(calls) == 1:
            with explained():
                attempt(calls[0].method, *calls[0].arguments, sender=self.account)
        self.emit(calls, market)
        for call in calls:
            self.say(f"{call.to}.{call.text}")

    @abstractmethod
    def emit(self, calls: Sequence[Call], market: Market) -> None:
        """Write the calls where others find them."""

    def confirm(self, lines: Iterable[str]) -> None:
        """Show what will change."""
        for line in lines:
            self.say(line)

    def say(self, line: str) -> None:
        """Tell it apart from the calls."""
        click.echo(line, err=True)


class Printing(Emitting):
    """The calls are printed, a line of JSON each."""

    def emit(self, calls: Sequence[Call], market: Market) -> None:
        """Print them."""
        for call in calls:
            raw = {
                "chainId": market.provider.chain_id,
                "from": str(self.account.address),
                "to": call.to,
                "value": 0,
                "data": "0x" + call.data.hex(),
            }
            click.echo(json.dumps(raw))


@dataclass(frozen=True)
class SafeFile(Emitting):
    """The calls become a batch that the Transaction Builder of a Safe imports."""

    path: Path

    def emit(self, calls: Sequence[Call], market: Market) -> None:
        """Write the file."""
        told = "; ".join(call.text for call in calls)
        safe = str(self.account.address)
        whole = batch(calls, market.provider.chain_id, safe, told, int(time.time()))
        self.path.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
        click.echo(f"wrote {self.path}; import it in the Transaction Builder of {safe}")


Outlet = Sending | Printing | SafeFile
