"""`ledger follow`, `show` and `flows`."""

import json

import pytest

from tests import steps
from tests.python.commands import Shell
from tests.steps import DAY, USDC, WETH


@pytest.fixture
def shell(market, tmp_path):
    market.manifest.write(tmp_path)
    shell = Shell(tmp_path)
    return lambda line: shell(f"{line} --ledger {tmp_path / 'ledger.db'}")


def read(shell, line):
    outcome = shell(f"{line} --json")
    assert outcome.code == 0, outcome.text
    return json.loads(outcome.text)


def test_the_books_agree_with_the_vault(shell, indebted, other_vault, owner, usdc, wait):
    wait(30 * DAY)
    usdc.approve(indebted, 100 * USDC, sender=owner)
    indebted.repay(100 * USDC, sender=owner)

    (told,) = read(shell, f"ledger show {indebted.address}")

    assert told["label"] == "vault"
    (held,) = told["balances"]
    assert (held["symbol"], held["amount"]) == ("WETH", "100.000000000000000000")
    assert (told["borrowed"], told["repaid"]) == ("10000.000000", "100.000000")
    assert told["debt"] == f"{indebted.debt() / 10**6:.6f}"
    assert float(told["interest"]) > 0
    assert shell("ledger show").text.count(" client ") == 2


def test_flows_are_named(shell, indebted, owner, weth, outsider):
    steps.put(indebted, weth, WETH, outsider)
    indebted.withdraw(weth, 2 * WETH, outsider, sender=owner)

    told = read(shell, f"ledger flows {indebted.address}")

    assert [(it["kind"], it["amount"]) for it in told] == [
        ("deposit", "100.000000000000000000"),
        ("top-up", "1.000000000000000000"),
        ("withdrawal", "-2.000000000000000000"),
    ]
    assert told[1]["counterparty"] == outsider.address
    assert "  withdrawal   -2 WETH  " in shell(f"ledger flows {indebted.address}").text


def test_the_past_is_told(shell, vault, owner, weth, chain):
    steps.put(vault, weth, WETH, owner)
    then = chain.blocks.height
    steps.put(vault, weth, WETH, owner)

    for block, held in ((then, 1), (then + 10, None), (chain.blocks.height, 2), (then, 1)):
        outcome = shell(f"ledger show {vault.address} --block {block} --json")
        if held is None:
            assert outcome.code == 2
        else:
            (told,) = json.loads(outcome.text)
            assert told["balances"][0]["amount"] == f"{held}.000000000000000000"


def test_what_strangers_send_does_not_stop_it(shell, vault, deployer, chain, market):
    # It logs a transfer of seven to whoever is asked for, and reverts when it is asked anything.
    word = vault.address[2:].lower().rjust(64, "0")
    topic = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
    log = "6007600052" + f"7f{word}" + "6000" + f"7f{topic}" + "60206000a3"
    ecosystem = deployer.provider.network.ecosystem
    txn = ecosystem.create_transaction(data=bytes.fromhex(log + "60006000f3"))
    stray = deployer.call(txn).contract_address

    (told,) = read(shell, f"ledger flows {vault.address}")
    assert (told["kind"], told["token"], told["symbol"]) == ("unsolicited", stray, None)
    assert told["amount"] == "7"
    assert f"7 units of {stray}" in shell(f"ledger flows {vault.address}").text
    assert shell("ledger show").code == 0
    assert shell("reconcile").code == 0


def test_a_forged_symbol_hides_nothing(shell, project, indebted, outsider):
    forged = outsider.deploy(project.MockToken, "Wrapped Ether", "WETH", 18)
    forged.mint(indebted, 10**24, sender=outsider)

    (told,) = read(shell, f"ledger show {indebted.address}")

    symbols = {it["symbol"]: it["amount"] for it in told["balances"]}
    assert symbols == {"WETH": "100.000000000000000000", None: str(10**24)}


def test_before_it_opened_there_is_no_account(shell, market, vault, owner, outsider, chain):
    then = chain.blocks.height
    late = market.open_vault(owner, "late", sender=outsider)

    told = shell(f"ledger show {late.address} --block {then}")
    assert told.code == 1
    assert f"{late.address} was not open at block {then}; name a later one" in told.error


def test_how_far_it_goes_is_told(shell, vault, chain):
    assert read(shell, "ledger follow")["block"] == chain.blocks.height
    assert shell("ledger follow").text == f"complete up to block {chain.blocks.height}\n"


def test_an_empty_market_has_no_flows(shell, vault):
    assert shell(f"ledger flows {vault.address}").text == "no transfer\n"
