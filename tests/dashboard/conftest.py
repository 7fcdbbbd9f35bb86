"""A market that lived for half a year, once for each module, and what its operator sees of it."""

import shutil
from types import SimpleNamespace

import pytest

from ringfence.cli.dashboard import pages_of
from ringfence.cli.desk import Desk
from ringfence.cli.ledger import followed
from ringfence.cli.lookback import looking_at
from ringfence.dashboard.operator import Operator
from ringfence.ledger.fold import Books
from tests.statements import PROOF, live, people_of


@pytest.fixture(scope="module")
def life(undone_module, request, market, chain, accounts, vault, other_vault):
    return live(market, chain, people_of(request, accounts), vault, other_vault)


def at_work(market, url, do):
    """Bring the ledger up to date, and act on what it has."""
    desk = Desk(market, block=market.provider.get_block("latest").number)
    _, store = followed(desk, str(url))
    with looking_at(desk, store) as looking:
        return do(desk, looking, store)


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """Where a ledger is that ends with that life."""
    return tmp_path_factory.mktemp("ledger") / "ledger.db"


@pytest.fixture(scope="module")
def built(life, market, known):
    """All pages at the end of that life, and what their statements say."""
    files, statements = at_work(market, known, lambda *seen: pages_of(*seen, PROOF))
    return SimpleNamespace(files=files, statements=statements)


@pytest.fixture
def url(built, known, tmp_path):
    """A copy of that ledger, which may go on: tests go back to where that life ends."""
    return str(shutil.copy(known, tmp_path / "known.db"))


@pytest.fixture
def build(market, url):
    """Return all pages as of now."""
    return lambda proof=None, words=(): at_work(
        market, url, lambda *seen: pages_of(*seen, proof, words)[0]
    )


@pytest.fixture
def look(market, url):
    """Return what the operator is told as of now, by attribute."""

    def act(proof=None):
        def do(desk, looking, store):
            books = Books.at(desk.market, store, desk.block)
            return Operator(looking, books, store, desk.read).facts(proof)

        return SimpleNamespace(**at_work(market, url, do))

    return act
