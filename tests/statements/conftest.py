"""A market that lived for half a year, once for each module, and what its statements tell."""

import shutil

import pytest

from tests.python.commands import Shell
from tests.statements import live, people_of, told


@pytest.fixture(scope="module")
def life(undone_module, request, market, chain, accounts, vault, other_vault):
    return live(market, chain, people_of(request, accounts), vault, other_vault)


@pytest.fixture(scope="module")
def known(life, tmp_path_factory):
    """A ledger that ends with that life, and knows what its statements asked for."""
    place = tmp_path_factory.mktemp("ledger") / "ledger.db"
    for vault in life.vaults:
        told(life.market, place, vault)
    return place


@pytest.fixture
def url(known, tmp_path):
    """A copy of it, which may go on: tests go back to where that life ends."""
    return str(shutil.copy(known, tmp_path / "known.db"))


@pytest.fixture
def tell(life, url):
    """Return the statement of a vault."""
    return lambda vault, *period: told(life.market, url, vault, *period)


@pytest.fixture
def shell(market, tmp_path):
    market.manifest.write(tmp_path)
    return Shell(tmp_path)


@pytest.fixture
def write(shell, life, tmp_path, url):
    """Write a statement into a file; return its bytes."""

    def act(vault, options="", code=0, ledger=url):
        place = tmp_path / "statement"
        line = f"statement {vault.address} --out {place} --ledger {ledger} {options}"
        if "--reports" not in line:
            line += f" --reports {tmp_path / 'reports'}"
        outcome = shell(line)
        assert outcome.code == code, outcome.text
        return place.read_bytes()

    return act
