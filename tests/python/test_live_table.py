"""`margin --all --watch`: a table that is drawn again and again, each time of one block."""

from unittest.mock import patch

import pytest

from ringfence.cli.desk import Desk
from ringfence.cli.margin import table
from ringfence.units import to_wad
from tests import steps
from tests.python.commands import Shell
from tests.steps import USDC, WETH

SHOWN = 4


@pytest.fixture
def shell(market, tmp_path):
    market.manifest.write(tmp_path)
    return Shell(tmp_path)


def test_it_sees_what_happens_between_two_looks(shell, market, indebted, other_vault, outsider):
    def wait(_):
        if market.factory.vault_count() > 2:
            raise KeyboardInterrupt
        market.open_vault(outsider, "third", sender=outsider)

    with patch("ringfence.cli.margin.sleep", wait):
        told = shell("margin --all --watch")

    first, second = told.text.split("block ")[1:]
    assert told.code == 1
    assert "vaults: 2\n" in first
    assert "vaults: 3\n" in second
    assert first.splitlines()[1].split()[1] == indebted.address
    assert "third" in second


def test_the_closest_come_first_and_the_rest_is_counted(market, lent, owner, outsider, weth):
    opened = {}
    for number in range(SHOWN + 3):
        vault = market.open_vault(owner, f"vault {number}", sender=outsider)
        steps.put(vault, weth, 20 * WETH, owner)
        vault.borrow((1_000 + 7 * number % 43) * USDC, owner, sender=owner)
        opened[vault.address] = vault

    with patch("ringfence.cli.margin.SHOWN", SHOWN):
        head, *rows, more = table(Desk(market), None)

    health = {it: market.engine.margin_of(vault).health for it, vault in opened.items()}
    closest = sorted(opened, key=health.__getitem__)
    assert f"vaults: {len(opened) + others(market, opened)}" in head
    assert [row.split()[1] for row in rows] == closest[:SHOWN]
    assert more == f"and {3 + others(market, opened)} more"

    limit = to_wad(2)
    few = [it for it in closest if health[it] < limit]
    assert f"vaults: {len(few)}" in table(Desk(market), 2)[0]


def others(market, opened):
    """Vaults without debt that stood before."""
    return market.factory.vault_count() - len(opened)
