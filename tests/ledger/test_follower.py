"""A ledger is complete up to its head, whatever happened on the way there."""

from types import SimpleNamespace
from unittest.mock import Mock, patch

import pytest
from requests import HTTPError, ReadTimeout
from sqlalchemy.exc import OperationalError

from ringfence.ledger.follower import Follower, about
from ringfence.ledger.node import Node, TooMany
from ringfence.ledger.store import LedgerError, Store
from tests import steps
from tests.chain_shims import undone
from tests.steps import WETH


@pytest.fixture
def lived(indebted, other_vault, neighbour, weth):
    """A market in which something happened."""
    steps.put(other_vault, weth, 3 * WETH, neighbour)
    other_vault.withdraw(weth, WETH, neighbour, sender=neighbour)
    return indebted


def whole(store):
    return list(store.entries())


@pytest.fixture
def told(market, lived, url):
    """All that a ledger has to have, read in one page."""
    store = Store.open(f"{url}.whole", about(market))
    Follower(market, store).follow()
    return whole(store)


def test_it_has_every_transfer_and_event(told, lived, market):
    of_vault = [it for it in told if it.address == bytes.fromhex(lived.address[2:])]
    assert len(of_vault) >= 4  # opened, enabled, deposited, borrowed
    assert [it.at for it in told] == sorted({it.at for it in told})
    assert {len(it.tx) for it in told} == {32}


@pytest.mark.parametrize("page", [1, 2, 7])
def test_pages_of_any_size_tell_the_same(market, store, told, page):
    Follower(market, store, page).follow()

    assert whole(store) == told


def test_it_goes_on_where_it_was(market, store, chain, told):
    half = chain.blocks.height // 2
    assert Follower(market, store).follow(half).number == half

    asked = []
    real = Node.logs

    def logs(node, first, last, *args, **more):
        asked.append((first, more.get("addresses")))
        return real(node, first, last, *args, **more)

    with patch.object(Node, "logs", logs):
        Follower(market, store).follow()
    assert whole(store) == told
    assert [addresses for _, addresses in asked if addresses]
    assert all(first > half for first, addresses in asked if addresses)


def test_twice_changes_nothing(market, store, told):
    for _ in range(2):
        Follower(market, store).follow()

    assert whole(store) == told


def test_progress_is_told(market, store, lived, chain):
    seen = []

    Follower(market, store, page=10).follow(progress=lambda *it: seen.append(it))

    assert [last for _, last in seen] == [chain.blocks.height] * len(seen)
    assert [reached for reached, _ in seen] == sorted(reached for reached, _ in seen)
    assert seen[-1][0] == chain.blocks.height


# -- What goes wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [1, 3, 10_000])
def test_what_the_chain_replaced_is_forgotten(
    market, url, store, lived, page, chain, weth, owner, outsider
):
    follower = Follower(market, store, page)
    with undone(chain):
        steps.put(lived, weth, WETH, owner)
        market.open_vault(outsider, "gone", sender=outsider)
        assert follower.follow().number == chain.blocks.height
        gone = whole(store)
    weth.mint(lived, 5, sender=outsider)
    weth.mint(lived, 6, sender=outsider)
    weth.mint(lived, 7, sender=outsider)

    follower.follow()

    other = Store.open(f"{url}.other", about(market))
    Follower(market, other).follow()
    assert whole(store) == whole(other) != gone


def test_a_chain_that_became_shorter(market, store, lived, chain, weth, outsider):
    with undone(chain):
        weth.mint(lived, 5, sender=outsider)
        Follower(market, store, 1).follow()

    assert Follower(market, store).follow().number == chain.blocks.height
    assert max(it.block for it in whole(store)) <= chain.blocks.height


@pytest.mark.parametrize("page", [1, 3])
def test_blocks_that_are_replaced_between_two_pages(
    market, url, store, lived, page, chain, weth, owner, outsider
):
    """The head of the ledger is replaced once, after it was stored and before the run ends."""
    height, replaced = chain.blocks.height, []
    provider = chain.provider
    snapshot = provider.snapshot()
    for amount in (5, 6, 7, 8):
        weth.mint(lived, amount, sender=outsider)

    def progress(reached, _):
        if reached >= height + 2 and not replaced:
            replaced.append(reached)
            provider.restore(snapshot)
            for amount in (15, 16, 17, 18):
                weth.mint(lived, amount, sender=outsider)

    Follower(market, store, page).follow(progress=progress)

    other = Store.open(f"{url}.other", about(market))
    Follower(market, other).follow()
    assert replaced
    assert whole(store) == whole(other)


def test_a_block_that_is_replaced_while_it_is_read(market, store, told):
    real, seen = Node.block, []

    def block(node, number=None):
        """Lie about the end of the first page when it is asked for first."""
        found = real(node, number)
        seen.append(number)
        if number is not None and seen.count(number) == 1 and len(set(seen)) == 2:
            return type(found)(found.number, b"\1" * 32, found.timestamp)
        return found

    with patch.object(Node, "block", block):
        Follower(market, store).follow()

    assert whole(store) == told


def test_two_processes_leave_no_hole(market, url, lived, chain):
    one, two = (Store.open(url, about(market)) for _ in range(2))
    Follower(market, one, 3).follow(chain.blocks.height - 5)

    def progress(*_):
        Follower(market, two, 3).follow()

    with pytest.raises(LedgerError, match="another process follows this ledger; wait until"):
        Follower(market, one, 3).follow(progress=progress)
    other = Store.open(f"{url}.other", about(market))
    Follower(market, other).follow()
    assert whole(one) == whole(two) == whole(other)


def test_before_the_market_stood_there_is_nothing(market, store, lived):
    with pytest.raises(LedgerError, match="market demo did not stand at block 0, its first is"):
        Follower(market, store).follow(0)
    assert store.head is None


def test_a_page_grows_again(market, store, told):
    real, sizes, bad = Node.logs, [], [True, True]

    def logs(node, first, last, *args, **more):
        if bad:
            bad.pop()
            raise TooMany("too many requests")
        sizes.append(last - first + 1)
        return real(node, first, last, *args, **more)

    with patch.object(Node, "logs", logs):
        Follower(market, store, 8).follow()

    assert sizes[0] == 2
    assert max(sizes) == 8
    assert whole(store) == told


@pytest.mark.parametrize("error", [HTTPError("413"), ReadTimeout("slow")])
def test_what_http_says_is_heard(market, error):
    provider = SimpleNamespace(make_request=Mock(side_effect=error))
    node = Node(SimpleNamespace(name="node", web3=SimpleNamespace(provider=provider)))

    with pytest.raises(TooMany, match=str(error)):
        node.logs(1, 2)


def test_a_node_that_wants_small_pages_gets_them(market, store, told):
    real = Node.logs

    def logs(node, first, last, *args, **more):
        if last - first >= 5:
            raise TooMany("at most 5 blocks")
        return real(node, first, last, *args, **more)

    with patch.object(Node, "logs", logs):
        Follower(market, store).follow()

    assert whole(store) == told


def test_a_node_that_tells_nothing(market, store, lived):
    def logs(*_, **__):
        raise TooMany("not today")

    with (
        patch.object(Node, "logs", logs),
        pytest.raises(LedgerError, match=r"tells no logs of block \d+: not today"),
    ):
        Follower(market, store).follow()
    assert store.head is None


def test_a_page_is_written_whole_or_not_at_all(market, store, told):
    with (
        patch.object(Store, "_add", side_effect=OperationalError("", {}, Exception("disk full"))),
        pytest.raises(LedgerError, match="disk full"),
    ):
        Follower(market, store, 10).follow()
    assert whole(store) == []
    assert store.head is None

    Follower(market, store, 10).follow()
    assert whole(store) == told


def test_the_ledger_of_another_market_is_refused(market, url, lived):
    known = about(market)
    Store.open(url, known)

    for name in known:
        with pytest.raises(LedgerError, match=f"is the ledger of {name} .*; name another with"):
            Store.open(url, known | {name: "another"})
