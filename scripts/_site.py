"""The demo's pages: its market, its vaults, and a statement of each."""

import re
import tempfile
from pathlib import Path

from ringfence.cli.dashboard import pages_of
from ringfence.cli.desk import Desk
from ringfence.cli.lookback import looking_back
from ringfence.dashboard.folder import write
from ringfence.statements.page import as_html


def write_site(market, folder, proof=None):
    """Write the pages of a market as it stands now.

    :param proof: digest of a proof of segregation; None if there is none.
    """
    with tempfile.TemporaryDirectory() as ledger:
        desk = Desk(market, block=market.provider.get_block("latest").number)
        with looking_back(desk, str(Path(ledger, "ledger.db"))) as (looking, store):
            files, statements = pages_of(desk, looking, store, proof)
    for it in statements:
        place = f"statements/{re.sub('[^a-z-]', '_', it.account.label)}.html"
        files[place] = as_html(it)
    write(files, folder)
