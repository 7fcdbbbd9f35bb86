"""The demo's proof that its vaults are apart."""

import tempfile
from pathlib import Path

from ringfence.cli.proofs import made_by
from ringfence.ledger.fold import Books
from ringfence.ledger.follower import Follower, about
from ringfence.ledger.store import Store
from ringfence.reading import BlockReader
from ringfence.segregation import files
from ringfence.segregation.chain import following
from ringfence.segregation.report import builds_of, evidence, proof_of, proven


def prove(market, path):
    """Write the report of a market as it stands now, and return it."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(str(Path(folder, "ledger.db")), about(market))
        Follower(market, store).follow()
        told = evidence(market, Books.at(market, store), BlockReader.at(market.provider))
    place = {"made_by": made_by()} | following(None, None)
    report = proven(told, proof_of(market, told), builds_of(market.project), place)
    files.rewrite(report, path)
    return report
