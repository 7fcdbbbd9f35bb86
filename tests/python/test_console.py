"""A console opens with the market loaded, shows what is readable, and sends nothing by itself."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ringfence.console import Vaults, namespace
from ringfence.exceptions import ManifestError, RingfenceError
from ringfence.vault import Vault
from tests.readme import block

APE = Path(sys.executable).parent / "ape"
LIMIT = 180  # [s] for whatever a slow machine may take
MORE = """
vault.borrow(14_000, sender=accounts.test_accounts[6])
vault
vaults
market
"""


def test_a_session(project):
    """What README shows and more, as a person types it on a chain that ends with the console."""
    shown = block("", "In the console")
    lines = re.findall(r"^In \[\d\]: (.*)$", shown, re.MULTILINE)
    answer = shown.split("Out[3]:\n")[1].splitlines()
    found = subprocess.run(
        [str(APE), "console", "--network", "ethereum:local:test"],
        cwd=project.path,
        input="\n".join(lines) + MORE,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )

    assert "Traceback" not in found.stdout
    assert "debt 14,000 USDC, health 1.176885714285714285>" in found.stdout
    assert len(lines) == 3
    assert all(f"\n{line}\n" in found.stdout for line in answer if line != "…")
    assert "  alpha  client  debt 14,000 USDC  health 1.1768\n" in found.stdout
    assert "<market demo on chain 1337: lends USDC against USDC, WETH, WBTC, DAI;" in found.stdout


def test_nothing_is_sent_by_itself(market, vault, accounts, chain):
    before = [it.nonce for it in accounts], chain.blocks.height

    names = namespace(lambda: market, ())
    for value in names.values():
        assert repr(value)
    for found in names["vaults"]:
        assert repr(found)

    assert ([it.nonce for it in accounts], chain.blocks.height) == before
    assert set(names) == {"market", "pool", "vaults", "open_vault"}


def test_without_a_market_the_reason_is_shown():
    def find():
        raise ManifestError("no market here: deploy one")

    names = namespace(find, ())

    assert repr(names["market"]) == "no market here: deploy one"
    assert not names["market"]


def test_vaults_are_found_by_label_and_address(market, vault, other_vault, owner):
    vaults = Vaults(market, {owner.address})

    assert vaults.vault.address == vaults[vault.address].address == vault.address
    assert [it.address for it in vaults] == [vault.address, other_vault.address]
    assert len(vaults) == 2
    assert {"open", "other", "vault"} <= set(dir(vaults))
    assert not hasattr(vaults, "nobody")
    with pytest.raises(AttributeError, match='has no vault "nobody"; list them'):
        _ = vaults.nobody


def test_a_strangers_label_leads_nowhere(market, vault, owner, outsider):
    """Anyone may open a vault under any label: money must not go there."""
    market.open_vault(outsider, "savings", sender=outsider)

    with pytest.raises(RingfenceError, match=f'{owner.address} owns no vault "savings"; give the'):
        _ = Vaults(market, {owner.address})["savings"]


def test_a_label_that_is_no_name_is_not_completed(market, owner):
    market.open_vault(owner, "no name!", sender=owner)

    assert "no name!" not in dir(Vaults(market, ()))


def test_a_vault_is_opened(market, owner, neighbour):
    made = Vaults(market, ()).open("console", sender=owner, owner=neighbour)

    assert isinstance(made, Vault)
    assert made.owner == neighbour


def test_a_dead_price_does_not_break_what_is_shown(market, indebted, set_price):
    """A vault is shown whatever the engine says."""
    set_price("WETH", 0.5)

    assert indebted.address in repr(Vault(market, indebted))
