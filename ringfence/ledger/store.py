"""Keeps what was logged in a database, with the block up to which it is complete.

SQLite by default; whatever else SQLAlchemy speaks, such as PostgreSQL, takes the same code. A page
of logs and the place where it ends are written together or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    insert,
    select,
)

from ringfence.exceptions import RingfenceError
from ringfence.ledger.entries import Block, Entry

_tables = MetaData()
_logs = Table(
    "logs",
    _tables,
    Column("block", BigInteger, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("tx", LargeBinary, nullable=False),
    Column("address", LargeBinary, nullable=False),
    Column("topics", LargeBinary, nullable=False),  # one after another
    Column("data", LargeBinary, nullable=False),
)
_blocks = Table(  # those that end a page: where the chain may be compared with what is kept
    "blocks",
    _tables,
    Column("number", BigInteger, primary_key=True),
    Column("hash", LargeBinary, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
)
_about = Table(
    "about",
    _tables,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)
WORD = 32


class LedgerError(RingfenceError):
    """A ledger cannot be used: of another market, or torn."""


@dataclass(frozen=True)
class Store:
    """The ledger of one market."""

    engine: Engine

    @classmethod
    def open(cls, url: str, about: dict[str, str]) -> Store:
        """Open a ledger, or begin one.

        :param url: of a database, as SQLAlchemy reads it; a path is one of SQLite.
        :param about: what tells this market from any other.
        :raises LedgerError: if there is the ledger of another.
        """
        if "://" not in url:
            Path(url).parent.mkdir(parents=True, exist_ok=True)
            url = f"sqlite:///{url}"
        store = cls(create_engine(url))
        _tables.create_all(store.engine)
        with store.engine.begin() as work:
            known = {row.name: row.value for row in work.execute(select(_about))}
            if not known:
                rows = [{"name": name, "value": value} for name, value in about.items()]
                work.execute(insert(_about), rows)
        wrong = [f"{it} {known[it]}" for it in known if known[it] != about.get(it)]
        if wrong:
            raise LedgerError(
                f"{url} is the ledger of {', '.join(wrong)}; name another with --ledger"
            )
        return store

    # -- How far it goes -------------------------------------------------------------------------

    @property
    def head(self) -> Block | None:
        """The block up to which all is kept; None before the first."""
        return next(self.ends(), None)

    def ends(self) -> Iterator[Block]:
        """Yield the blocks that ended a page, the latest first."""
        found = select(_blocks).order_by(_blocks.c.number.desc())
        with self.engine.connect() as work:
            for row in work.execute(found).all():
                yield Block(row.number, bytes(row.hash), row.timestamp)

    # -- Writing ---------------------------------------------------------------------------------

    def append(self, entries: Collection[Entry], end: Block) -> None:
        """Add a page, and the block that it ends with; what is kept already stays as it is."""
        known = self._places(it.block for it in entries)
        rows = [_row(it) for it in entries if it.at not in known]
        with self.engine.begin() as work:
            if rows:
                work.execute(insert(_logs), rows)
            mark = {"number": end.number, "hash": end.hash, "timestamp": end.timestamp}
            work.execute(insert(_blocks), mark)

    def _places(self, blocks: Iterable[int]) -> set[tuple[int, int]]:
        """The places that are taken in blocks of earlier pages: vaults share their transfers."""
        head = self.head
        early = set() if head is None else {it for it in blocks if it <= head.number}
        if not early:
            return set()
        taken = select(_logs.c.block, _logs.c.position).where(_logs.c.block.in_(early))
        with self.engine.connect() as work:
            return {(row.block, row.position) for row in work.execute(taken)}

    def forget_after(self, number: int) -> None:
        """Forget all that was logged later than in a block."""
        with self.engine.begin() as work:
            work.execute(delete(_logs).where(_logs.c.block > number))
            work.execute(delete(_blocks).where(_blocks.c.number > number))

    # -- Reading ---------------------------------------------------------------------------------

    def entries(self, until: int | None = None, of: Collection[bytes] = ()) -> Iterator[Entry]:
        """Yield what was logged, in the order of the chain.

        :param until: last block of which is told; all unless given.
        :param of: contracts that logged it; all unless named.
        """
        found = select(_logs).order_by(_logs.c.block, _logs.c.position)
        if until is not None:
            found = found.where(_logs.c.block <= until)
        if of:
            found = found.where(_logs.c.address.in_(of))
        with self.engine.connect() as work:
            for row in work.execution_options(yield_per=10_000).execute(found):
                yield _entry(row)


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "block": entry.block,
        "position": entry.position,
        "tx": entry.tx,
        "address": entry.address,
        "topics": b"".join(entry.topics),
        "data": entry.data,
    }


def _entry(row: Any) -> Entry:
    topics = bytes(row.topics)
    return Entry(
        block=row.block,
        position=row.position,
        tx=bytes(row.tx),
        address=bytes(row.address),
        topics=tuple(topics[at : at + WORD] for at in range(0, len(topics), WORD)),
        data=bytes(row.data),
    )
