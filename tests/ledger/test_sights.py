"""What a market said at blocks: asked once, and never taken for what another block said."""

from unittest.mock import patch

import pytest
from web3.exceptions import Web3RPCError

from ringfence.exceptions import RingfenceError
from ringfence.ledger.follower import Follower
from ringfence.ledger.sights import DEEP, Sights
from ringfence.ledger.store import HEADER, Sight
from ringfence.reading import BlockReader
from tests.chain_shims import undone
from tests.steps import DAY, RAY, WAD

REVERTS, ANSWERS_SHORT = 1, 4  # quirks of a feed


@pytest.fixture
def ask(market, store, indebted):
    """Ask with the sights of a ledger that is up to date."""

    def act(question, passing=None):
        Follower(market, store).follow()
        with Sights.of(market, store, passing) as sights:
            return question(sights)

    return act


def test_a_node_is_asked_once(ask, chain, weth):
    height, token = chain.blocks.height, weth.address
    told = ask(lambda it: (it.price(height, token), it.rules(height, token), it.index(height)))

    with patch("ringfence.ledger.sights.BlockReader", side_effect=AssertionError("asked again")):
        again = ask(lambda it: (it.price(height, token), it.rules(height, token), it.index(height)))

    assert again == told
    assert told[0].price == 193_840 * WAD // 1_000


def test_what_passes_is_not_kept(ask, store, chain, weth):
    height = chain.blocks.height
    ask(lambda it: it.price(height, weth.address), passing=height)

    assert [it for it in store.sights() if it.block == height] == []


def test_a_block_that_was_replaced_says_nothing(ask, chain, weth, set_price):
    with undone(chain):
        set_price("WETH", 150)
        height = chain.blocks.height
        assert ask(lambda it: it.price(height, weth.address)).price == 150 * WAD
    set_price("WETH", 160)
    assert chain.blocks.height == height

    assert ask(lambda it: it.price(height, weth.address)).price == 160 * WAD


def test_the_time_of_a_block_that_may_be_replaced_is_not_kept(ask, store, chain):
    chain.mine(DEEP + 10)
    height = chain.blocks.height

    ask(lambda it: [it.time(block) for block in (5, height - DEEP, height - DEEP + 1, height)])

    assert {it.block for it in store.sights() if it.what == HEADER} == {5, height - DEEP}


def test_a_chain_that_is_gone_says_no_time(ask, market, store, chain):
    """It was long, and so is the one in its place."""
    with undone(chain):
        first = chain.blocks.height
        chain.mine(DEEP + 10, deltatime=DAY)
        ask(lambda it: it.time(first + 5))
    chain.mine(DEEP + 10)

    assert ask(lambda it: it.time(first + 5)) == chain.blocks[first + 5].timestamp


def test_a_time_that_was_kept_too_early_is_asked_again(ask, store, chain):
    height = chain.blocks.height
    store.keep_sights([Sight(height, b"\1" * 32, HEADER, "5")])

    assert ask(lambda it: it.time(height)) == chain.blocks[height].timestamp


def test_what_a_node_said_while_a_block_was_replaced_is_not_kept(
    ask, market, store, chain, weth, set_price
):
    provider = market.provider
    snapshot = provider.snapshot()
    set_price("WETH", 150)
    height = chain.blocks.height

    def question(sights):
        sights.time(height)
        provider.restore(snapshot)
        set_price("WETH", 160)
        return sights.price(height, weth.address).price

    assert ask(question) == 160 * WAD
    assert [it for it in store.sights() if it.block == height] == []


def test_what_was_said_of_deep_blocks_is_kept_though_the_node_is_gone(
    ask, store, chain, weth, monkeypatch
):
    chain.mine(DEEP + 10)
    height = chain.blocks.height

    def question(sights):
        sights.price(height - DEEP, weth.address)
        sights.price(height, weth.address)
        monkeypatch.setattr("ringfence.ledger.sights.Node.block", gone)
        raise KeyboardInterrupt

    def gone(*_):
        raise ConnectionError("gone")

    with pytest.raises(KeyboardInterrupt):
        ask(question)

    assert {it.block for it in store.sights()} == {height - DEEP}


def test_before_the_pool_stood_no_debt_grew(ask, market):
    first = next(it.block for it in market.manifest.contracts if it.name == "pool")

    assert ask(lambda it: (it.index(first - 1), it.index(first))) == (0, RAY)


def test_before_the_oracle_stood_nothing_had_a_price(ask, market, weth):
    first = next(it.block for it in market.manifest.contracts if it.name == "oracle")

    assert ask(lambda it: it.price(first - 1, weth.address)).worth is None


@pytest.mark.parametrize("quirk", [REVERTS, ANSWERS_SHORT])
def test_a_feed_that_fails_says_no_time_and_no_price(ask, market, chain, weth, feed_keeper, quirk):
    market.feeds["WETH"].set_quirks(quirk, sender=feed_keeper)
    height = chain.blocks.height

    feed, price = ask(lambda it: (it.feed(height, weth.address), it.price(height, weth.address)))

    assert feed.updated_at is None
    assert feed.source == market.feeds["WETH"].address
    assert not price.is_live
    assert price.worth is None


def test_a_stale_feed_keeps_its_price(ask, market, chain, weth):
    chain.mine(deltatime=30 * 86_400)
    height = chain.blocks.height

    price = ask(lambda it: it.price(height, weth.address))

    assert not price.is_live
    assert price.worth == 193_840 * WAD // 1_000


def test_a_node_that_fails_is_asked_again(ask, chain, weth):
    height = chain.blocks.height
    with (
        patch.object(BlockReader, "raw", side_effect=Web3RPCError("missing trie node")),
        pytest.raises(RingfenceError, match=f"what was at block {height}: .*archive node"),
    ):
        ask(lambda it: it.feed(height, weth.address))

    assert ask(lambda it: it.feed(height, weth.address)).updated_at > 0
