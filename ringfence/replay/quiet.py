"""Keeps Ape silent and quick while a replay runs; nothing here knows the protocol."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ape.logging import LogLevel, logger
from ape_ethereum import provider


@contextmanager
def quiet() -> Iterator[None]:
    """Show no log lines below an error, and do not search transactions for lines to print.

    Ape traces each transaction for what its contracts print, which takes longer than sending it,
    and has no switch for that: this reaches into a private name of the Ape that is pinned in
    pyproject.toml.
    """
    searched = provider._post_send_transaction
    provider._post_send_transaction = lambda *_: None
    try:
        with logger.at_level(LogLevel.ERROR):
            yield
    finally:
        provider._post_send_transaction = searched
