"""What is kept survives the end of a process, in a file and on a server."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest
from sqlalchemy import create_engine, text

from ringfence.ledger.entries import Block, Entry
from ringfence.ledger.follower import Follower, about
from ringfence.ledger.store import LedgerError, Store
from tests import services, steps
from tests.chain_shims import undone
from tests.steps import WETH

ABOUT = {"market": "demo"}
PAGE = 50  # logs in a page of the writer below
WRITER = textwrap.dedent("""
    import sys
    from tests.ledger.test_store import ABOUT, page
    from ringfence.ledger.store import Store

    store = Store.open(sys.argv[1], ABOUT)
    while True:
        head = store.head
        store.append(head, *page(0 if head is None else head.number + 1))
        print(0, flush=True)
""")


def page(number):
    """A page of one block with as many logs as any other, and its end."""
    entries = [
        Entry(number, it, bytes(32), bytes(20), (number.to_bytes(32), bytes(32)), b"x" * it)
        for it in range(PAGE)
    ]
    return entries, Block(number, number.to_bytes(32), number)


@pytest.fixture(scope="module")
def server():
    with services.postgres() as url:
        yield url


@pytest.fixture(params=["file", "server"])
def url(request, tmp_path):
    """A database with nothing in it."""
    if request.param == "file":
        return str(tmp_path / "ledger.db")
    address = request.getfixturevalue("server")
    engine = create_engine(address)
    with engine.begin() as work:
        work.execute(text("DROP SCHEMA public CASCADE"))
        work.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return address


def test_what_was_logged_is_read_as_it_was(url):
    store = Store.open(url, ABOUT)
    wide = Entry(2**62, 2**31 - 1, b"\1" * 32, b"\2" * 20, (b"\3" * 32,) * 4, bytes(range(256)))
    bare = Entry(2**62, 0, b"\4" * 32, b"\5" * 20, (), b"")

    store.append(None, [bare, wide], Block(2**62, b"\6" * 32, 2**62))

    again = Store.open(url, ABOUT)
    assert list(again.entries()) == [bare, wide]
    assert list(again.entries(of=[b"\5" * 20])) == [bare]
    assert again.head == Block(2**62, b"\6" * 32, 2**62)


def test_pages_are_told_up_to_a_block_and_forgotten_after_one(url):
    store = Store.open(url, ABOUT)
    for number in range(5):
        store.append(store.head, *page(number))

    assert {it.block for it in store.entries(2)} == {0, 1, 2}
    store.forget_after(2)
    assert {it.block for it in store.entries()} == {0, 1, 2}
    assert [it.number for it in store.ends()] == [2, 1, 0]


def test_a_page_follows_the_one_before(url):
    store = Store.open(url, ABOUT)
    store.append(None, *page(0))
    first = store.head

    for after in (None, Block(0, b"\7" * 32, 0), Block(1, b"\7" * 32, 0)):
        with pytest.raises(LedgerError, match="another process follows this ledger"):
            store.append(after, *page(1))
    assert store.head == first
    store.append(first, *page(1))
    assert {it.block for it in store.entries()} == {0, 1}


def test_what_is_kept_already_stays(url):
    store = Store.open(url, ABOUT)
    store.append(None, *page(3))

    entries, _ = page(3)
    store.add([*entries, *page(1)[0]])

    assert [it.block for it in store.entries()] == [1] * PAGE + [3] * PAGE


@pytest.mark.parametrize("url", ["nope://x", "postgresql+psycopg://me:secret@127.0.0.1:1/x", "/"])
def test_what_is_no_database_is_told_in_a_line(url):
    with pytest.raises(LedgerError, match="look at --ledger") as told:
        Store.open(url, ABOUT)
    assert "secret" not in str(told.value)


def test_killed_while_it_writes_it_has_whole_pages_and_goes_on(url, project):
    for _ in range(2):
        began = begin(url, project)
        time.sleep(0.2)
        os.kill(began.pid, signal.SIGKILL)
        began.wait()

        store = Store.open(url, ABOUT)
        counts = {}
        for entry in store.entries():
            counts[entry.block] = counts.get(entry.block, 0) + 1
        assert set(counts) == set(range(store.head.number + 1))
        assert set(counts.values()) == {PAGE}


def begin(url, project):
    """Start a process that writes pages, and wait until it has begun."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, url], cwd=project.path, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout.readline().strip().isdigit()
    return writer


def test_it_follows_a_market(url, market, indebted, chain, weth, owner, tmp_path):
    store = Store.open(url, about(market))
    with undone(chain):
        steps.put(indebted, weth, WETH, owner)
        Follower(market, store, 3).follow()
    steps.put(indebted, weth, 2 * WETH, owner)

    Follower(market, store, 3).follow()

    other = Store.open(str(tmp_path / "other.db"), about(market))
    Follower(market, other).follow()
    assert list(store.entries()) == list(other.entries())
