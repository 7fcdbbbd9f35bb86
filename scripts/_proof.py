"""The demo's proof that its vaults are apart."""

import tempfile
from importlib import metadata
from pathlib import Path

from ringfence.carried import origin_of
from ringfence.ledger.fold import Books
from ringfence.ledger.follower import Follower, about
from ringfence.ledger.store import Store
from ringfence.reading import BlockReader
from ringfence.segregation import files
from ringfence.segregation.report import evidence, following, proof_of, proven


def prove(market, path):
    """Write the report of a market as it stands now, and return it."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(str(Path(folder, "ledger.db")), about(market))
        Follower(market, store).follow()
        told = evidence(market, Books.at(market, store), BlockReader.at(market.provider))
    build = bytes(market.project.Vault.contract_type.get_runtime_bytecode())
    made_by = {"version": metadata.version("ringfence"), **vars(origin_of(market.project))}
    report = proven(
        told, proof_of(market, told), build, {"made_by": made_by} | following(None, None)
    )
    files.rewrite(report, path)
    return report
