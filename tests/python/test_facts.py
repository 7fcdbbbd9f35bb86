"""What writing commands tell to programs: what was mined, and nothing else."""

import csv
import io
import json
import os
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import click
import pytest
from ape.exceptions import TransactionError
from eth_utils import keccak

from ringfence.calls import Call
from ringfence.cli import outlets
from ringfence.cli.mined import mined
from ringfence.cli.options import check_unattended
from ringfence.exceptions import RingfenceError
from ringfence.manifest import Manifest
from ringfence.units import format_number, from_base
from tests.python.commands import Shell
from tests.steps import USDC, WETH

DEPLOYER, HOUSE, RISK_ADMIN, OWNER, LIQUIDATOR = 15, 1, 2, 6, 9


CLI = Path(outlets.__file__).parent
SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def folder(tmp_path, market):
    market.manifest.write(tmp_path)
    return tmp_path


@pytest.fixture
def program(folder):
    """Runs a command, and reads what it tells to programs."""
    return Shell(folder, is_program=True)


@pytest.fixture
def alpha(indebted, owner, weth):
    """The owner's vault in debt; there are 10 WETH more in the owner's wallet."""
    weth.mint(owner, 10 * WETH, sender=owner)
    weth.approve(indebted, 0, sender=owner)
    return indebted


def test_each_transaction_is_told(program, alpha, owner, weth, chain):
    told = program(f"vault deposit {alpha.address} 10 WETH --json -y", OWNER)

    allowed, deposited = json.loads(told.text)
    assert told.code == 0
    assert allowed["to"] == weth.address
    assert allowed["call"] == f"approve(spender={alpha.address}, amount={10 * WETH})"
    head = chain.blocks.head
    assert deposited["block"] == head.number
    assert deposited["from"] == owner.address
    assert deposited["to"] == alpha.address
    assert deposited["call"] == f"deposit(token={weth.address}, amount={10 * WETH})"
    assert 50_000 < deposited["gas"] < 200_000
    assert len(deposited["transaction"]) == 66
    (event,) = [it for it in deposited["events"] if it["event"] == "Deposited"]
    assert event == {
        "contract": alpha.address,
        "event": "Deposited",
        "token": weth.address,
        "payer": owner.address,
        "amount": str(10 * WETH),
        "is_enabled": True,
    }


@pytest.mark.parametrize("form", ["--json", "--csv"])
def test_a_program_is_asked_nothing(folder, alpha, form):
    told = Shell(folder)(f"vault borrow {alpha.address} 100 USDC {form}", OWNER)

    assert told.code == 2
    assert told.error == "Add -y: with --json or --csv nobody is asked."
    assert Shell(folder)(f"deploy demo --replace {form}", DEPLOYER).code == 2


def test_an_account_is_asked_for(program):
    told = program("vault open beta --json -y")

    assert told.code == 2


def test_what_is_not_to_be_done_is_an_empty_list(program, config):
    told = program("params announce demo --json -y", RISK_ADMIN)

    assert told.code == 0
    assert json.loads(told.text) == []


def test_what_is_refused_is_an_empty_list(program, alpha):
    told = program(f"vault withdraw {alpha.address} 99 WETH --json -y", OWNER)

    assert told.code == 1
    assert json.loads(told.text) == []


def test_what_was_mined_before_a_failure_is_told(program, alpha):
    send, seen = outlets.send, []

    def broken(method, *args, **more):
        if seen:
            raise RingfenceError("the node went away")
        seen.append(method)
        return send(method, *args, **more)

    with patch.object(outlets, "send", broken):
        told = program(f"vault deposit {alpha.address} 10 WETH --json -y", OWNER)

    (mined,) = json.loads(told.text)
    assert told.code == 1
    assert mined["call"].startswith("approve(")


def test_what_failed_on_the_chain_is_told(program, alpha):
    hash = b"\1" * 32

    def reverted(*_, **__):
        raise TransactionError("reverted", txn=SimpleNamespace(txn_hash=hash))

    with patch.object(outlets, "send", reverted):
        told = program(f"vault borrow {alpha.address} 100 USDC --json -y", OWNER)

    (sent,) = json.loads(told.text)
    assert told.code == 1
    assert sent["transaction"] == "0x" + hash.hex()
    assert sent["block"] is None


def test_events_are_told_as_their_contract_means_them(program, alpha, market, owner, usdc):
    usdc.approve(alpha, 500 * USDC, sender=owner)
    told = program(f"vault repay {alpha.address} 500 USDC --json -y", OWNER)

    (repaid,) = json.loads(told.text)
    said = {it["contract"]: it for it in repaid["events"] if it["event"] == "Repaid"}
    assert said[alpha.address]["payer"] == owner.address
    assert said[market.pool.address]["vault"] == alpha.address
    assert said[market.pool.address]["assets"] == str(500 * USDC)


def test_logs_that_nobody_knows_are_told_raw(market, vault):
    known = {"blockNumber": 1, "transactionHash": b"", "address": vault.address, "data": "0x07"}
    strange = [
        known | {"logIndex": 0, "topics": []},
        known | {"logIndex": 1, "topics": [b"\1" * 32]},
        known | {"logIndex": 2, "topics": [keccak(text="OwnershipOffered(address,address)")]},
    ]
    receipt = SimpleNamespace(sender="0x", txn_hash="0x1", block_number=1, gas_used=2, logs=strange)

    told = mined(market, Call(vault.accept_ownership), receipt)

    for log, event in zip(strange, told["events"], strict=True):
        assert event["event"] is None
        assert event["topics"] == ["0x" + it.hex() for it in log["topics"]]
        assert event["data"] == "0x07"


def test_only_the_outlets_speak():
    """A line from anywhere else would stand in the way of what a program reads."""
    for path in [*CLI.glob("*.py"), *SCRIPTS.glob("*.py")]:
        if "@writes" in path.read_text():
            lines = [it for it in path.read_text().splitlines() if "click.echo(" in it]
            assert all("err=True" in it for it in lines), path


def test_a_program_unlocks_no_account_by_hand():
    account = SimpleNamespace(alias="mine")
    with pytest.raises(click.UsageError, match="Set APE_ACCOUNTS_mine_PASSPHRASE: with --json"):
        check_unattended(account, True, "json")
    with patch.dict(os.environ, {"APE_ACCOUNTS_mine_PASSPHRASE": "secret"}):
        check_unattended(account, True, "json")
    check_unattended(account, False, None)


def test_rows_for_spreadsheets(program, alpha):
    told = program(f"vault borrow {alpha.address} 100 USDC --csv -y", OWNER)

    (row,) = csv.DictReader(io.StringIO(told.text))
    assert row["to"] == alpha.address
    assert "Borrowed" in {it["event"] for it in json.loads(row["events"])}


def test_a_liquidation_is_told(program, alpha, set_price, usdc, liquidator):
    usdc.mint(liquidator, 20_000 * USDC, sender=liquidator)
    set_price("WETH", 110)

    told = program(f"liquidate {alpha.address} --json -y", LIQUIDATOR)

    *_, last = json.loads(told.text)
    assert "Liquidated" in {it["event"] for it in last["events"]}


def test_labels_are_told_in_hex(program, market, owner):
    told = program("vault open beta --json -y", OWNER)

    (opened,) = json.loads(told.text)
    (event,) = [it for it in opened["events"] if it["event"] == "VaultOpened"]
    assert event["label"] == "0x" + b"beta".hex().ljust(64, "0")
    assert event["vault"] == market.vault_of(owner, "beta").address


def test_nothing_is_sent_is_no_form(folder, alpha, owner):
    words = f"vault repay {alpha.address} max --json --populate --from {owner.address}"

    told = Shell(folder)(words)
    assert told.code == 2
    assert told.error == "--json and --csv tell what was mined, and here nothing is sent."


# -- Deployment ------------------------------------------------------------------------------------


@pytest.fixture
def deploying(tmp_path):
    def run(words, **kwargs):
        return Shell(tmp_path, is_program=True)(f"deploy demo {words}", DEPLOYER, **kwargs)

    return run


def test_a_plan_is_told(deploying, accounts, tmp_path):
    plan = json.loads(deploying("--plan --json").text)

    assert plan["deployer"] == accounts[DEPLOYER].address
    assert plan["roles"]["owner"] == accounts[HOUSE].address
    assert plan["transactions"] == len(plan["creations"]) + len(plan["calls"])
    steps_of_all = plan["creations"] + plan["calls"]
    assert plan["gas"] == sum(it["gas"] for it in steps_of_all)
    pool = next(it for it in plan["creations"] if it["name"] == "pool")
    assert pool["contract"] == "CreditPool"
    assert pool["arguments"]["terms"]["name"] == "Ringfence demo USDC"
    first = plan["calls"][0]
    assert (first["method"], first["from"]) == ("set_risk_admin", plan["deployer"])
    assert not list(tmp_path.rglob("*.json"))


def test_a_plan_is_made_before_it_is_rehearsed(tmp_path, accounts):
    balance = accounts[DEPLOYER].balance
    told = Shell(tmp_path)("deploy demo --plan", DEPLOYER).text

    assert "goes on with what was begun" not in told
    assert f"the deployer has {format_number(from_base(balance, 18))} ETH" in told


def test_a_deployment_is_told_as_its_manifest(deploying, tmp_path):
    told = deploying("--json -y")

    (path,) = tmp_path.rglob("demo.json")
    assert json.loads(told.text) == json.loads(path.read_text())
    assert Manifest.read(path).is_complete


def test_a_check_is_told(deploying, tmp_path):
    deploying("-y")

    told = deploying("--check --json")

    found = json.loads(told.text)
    assert told.code == 0
    assert len(found) > 100
    assert all(it["is_as_expected"] for it in found)


def test_what_is_written_for_explorers_is_told(deploying, tmp_path):
    deploying("-y")

    told = deploying(f"--verification {tmp_path / 'inputs'} --csv")

    files = [row["file"] for row in csv.DictReader(io.StringIO(told.text))]
    assert str(tmp_path / "inputs" / "Vault.json") in files
