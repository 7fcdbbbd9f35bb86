"""Keeps what was logged in a database, with the block up to which it is complete.

SQLite by default; whatever else SQLAlchemy speaks, such as PostgreSQL, takes the same code. A page
of logs and the place where it ends are written together or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from ringfence.exceptions import RingfenceError
from ringfence.ledger.entries import WORD, Block, Entry
from ringfence.reasons import first_line

_tables = MetaData()
_logs = Table(
    "logs",
    _tables,
    Column("block", BigInteger, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("tx", LargeBinary, nullable=False),
    Column("address", LargeBinary, nullable=False, index=True),
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
_sights = Table(  # what views said at blocks: a node that forgets states is asked once
    "sights",
    _tables,
    Column("block", BigInteger, primary_key=True),
    Column("hash", LargeBinary, primary_key=True),  # of the block
    Column("what", String, primary_key=True),
    Column("answer", String, nullable=False),
)
_about = Table(
    "about",
    _tables,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)
_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_LOCKS = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "LOCK TABLE blocks, logs, about IN EXCLUSIVE MODE",
}


class LedgerError(RingfenceError):
    """A ledger cannot be used: of another market, or torn."""


HEADER = "time"  # what is kept of each block that is deep


@dataclass(frozen=True, slots=True)
class Sight:
    """What a view said after a block."""

    block: int
    hash: bytes  # of the block
    what: str
    answer: str


@dataclass(frozen=True)
class Store:
    """The ledger of one market."""

    engine: Engine

    @classmethod
    def open(cls, url: str, about: dict[str, str]) -> Store:
        """Open a ledger, or begin one.

        :param url: of a database of SQLite or PostgreSQL, as SQLAlchemy reads it; a path is one of
            SQLite.
        :param about: what tells this market from any other.
        :raises LedgerError: if there is the ledger of another, or none can be.
        """
        with plainly(url):
            if "://" not in url:
                Path(url).parent.mkdir(parents=True, exist_ok=True)
                url = f"sqlite:///{url}"
            engine = create_engine(url)
            store = cls(engine)
            if engine.dialect.name not in _INSERTS:
                raise LedgerError(f"{engine.dialect.name} keeps no ledger; name another --ledger")
            _tables.create_all(engine)
            with store._writing() as work:
                known = {row.name: row.value for row in work.execute(select(_about))}
                if not known:
                    rows = [{"name": name, "value": value} for name, value in about.items()]
                    work.execute(_about.insert(), rows)
        wrong = [f"{it} {known[it]}" for it in known if known[it] != about.get(it)]
        if wrong:
            shown = engine.url.render_as_string(hide_password=True)
            raise LedgerError(
                f"{shown} is the ledger of {', '.join(wrong)}; name another with --ledger, or"
                " remove it if its chain is gone"
            )
        return store

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Begin a transaction that no other process writes beside."""
        with plainly(self.engine.url.database or ""), self.engine.begin() as work:
            work.exec_driver_sql(_LOCKS[self.engine.dialect.name])
            yield work

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
                yield _block(row)

    # -- Writing ---------------------------------------------------------------------------------

    def append(self, after: Block | None, entries: Collection[Entry], end: Block) -> None:
        """Add the page that follows a block, and the block that it ends with.

        :raises LedgerError: if the ledger ends with another block: somebody else follows it, too.
        """
        with self._writing() as work:
            head = work.execute(select(_blocks).order_by(_blocks.c.number.desc())).first()
            if (None if head is None else _block(head)) != after:
                raise LedgerError("another process follows this ledger; wait until it is done")
            self._add(work, entries)
            mark = {"number": end.number, "hash": end.hash, "timestamp": end.timestamp}
            work.execute(_blocks.insert(), mark)

    def add(self, entries: Collection[Entry]) -> None:
        """Add what belongs to earlier pages; what is kept already stays as it is."""
        with self._writing() as work:
            self._add(work, entries)

    def _add(self, work: Connection, entries: Collection[Entry]) -> None:
        rows = [_row(it) for it in entries]
        if rows:
            work.execute(_INSERTS[self.engine.dialect.name](_logs).on_conflict_do_nothing(), rows)

    def forget_after(self, number: int) -> None:
        """Forget all that was logged later than in a block, and which blocks came; what views said
        is kept by the hash of the block.
        """
        with self._writing() as work:
            work.execute(delete(_logs).where(_logs.c.block > number))
            work.execute(delete(_blocks).where(_blocks.c.number > number))
            is_header = _sights.c.what == HEADER
            work.execute(delete(_sights).where(is_header, _sights.c.block > number))

    def keep_sights(self, answers: Iterable[Sight]) -> None:
        """Keep what views said; what is kept already stays as it is."""
        rows = [asdict(it) for it in answers]
        if rows:
            with self._writing() as work:
                insert = _INSERTS[self.engine.dialect.name](_sights)
                work.execute(insert.on_conflict_do_nothing(), rows)

    # -- Reading ---------------------------------------------------------------------------------

    def sights(self) -> list[Sight]:
        """Return what views said, of blocks that the chain has replaced as well."""
        with self.engine.connect() as work:
            rows = work.execute(select(_sights)).all()
        return [Sight(row.block, bytes(row.hash), row.what, row.answer) for row in rows]

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


@contextmanager
def plainly(url: str) -> Iterator[None]:
    """Say in a line what is wrong with a database."""
    try:
        yield
    except (SQLAlchemyError, ImportError, OSError) as error:
        shown = url.rsplit("@", 1)[-1]  # without a password
        raise LedgerError(f"ledger {shown}: {first_line(error)}; look at --ledger") from None


def _block(row: Any) -> Block:
    return Block(row.number, bytes(row.hash), row.timestamp)


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
