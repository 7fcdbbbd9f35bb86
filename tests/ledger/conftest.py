"""A market with a ledger that follows it."""

import pytest

from ringfence.ledger.fold import Books
from ringfence.ledger.follower import Follower, about
from ringfence.ledger.store import Store


@pytest.fixture
def url(tmp_path):
    """Where the ledger is kept."""
    return str(tmp_path / "ledger.db")


@pytest.fixture
def store(url, market):
    return Store.open(url, about(market))


@pytest.fixture
def follower(market, store):
    return Follower(market, store)


@pytest.fixture
def books(market, store, follower):
    """Bring the ledger up to date, and return the books after a block."""

    def at(block=None):
        follower.follow()
        return Books.at(market, store, block)

    return at
