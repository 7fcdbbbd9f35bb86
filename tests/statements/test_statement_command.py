"""`statement VAULT`: a file of bytes that anybody gets again from the same chain."""

import csv
import io
import json
import re
import shutil
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest
import rfc8785
from eth_utils import keccak

from ringfence.cli import exits, lookback, statement
from ringfence.performance.period import period_of
from ringfence.segregation.form import canonical, read_report
from ringfence.segregation.form import hash_of as hash_of_report
from ringfence.statements.forms import exact
from ringfence.units import to_base
from tests import steps
from tests.python.commands import Shell
from tests.steps import DAY, MAX, WAD, WETH

KINDS = ("html", "json", "csv")

# -- Bytes -----------------------------------------------------------------------------------------


def test_the_same_chain_gives_the_same_bytes(life, write, tmp_path):
    """By a ledger that begins, by the same that knows all, and by one that another began."""
    begun = [write(life.vault, f"--format {it}", ledger=tmp_path / "new.db") for it in KINDS]

    for ledger in ({"ledger": tmp_path / "new.db"}, {}):
        assert [write(life.vault, f"--format {it}", **ledger) for it in KINDS] == begun


def test_a_period_that_is_over_stays_what_it_was(
    life, write, owner, neighbour, outsider, officer, weth, with_notice, risk_admin
):
    """Whatever comes later: another owner, a hold, transfers, a token that is listed."""
    options = f"--format json --period {life.quarter}"
    before = write(life.vault, options)
    told = json.loads(before)

    steps.put(life.vault, weth, WETH, owner)
    brought = next(it["token"] for it in told["movements"] if it["symbol"] is None)
    feed = life.market.feeds["DAI"]
    with_notice(life.market.oracle, "set_feed", brought, feed, 90_000, 1, 10**9, sender=risk_admin)
    with_notice(life.market.engine, "list_token", brought, 0, WAD // 2, MAX, sender=risk_admin)
    until = life.market.provider.get_block("latest").timestamp + 20 * DAY
    life.vault.place_hold(b"court", until, sender=officer)
    life.vault.transfer_ownership(neighbour, sender=owner)
    life.vault.accept_ownership(sender=neighbour)

    assert write(life.vault, options) == before


def test_a_new_owner_is_told_that_there_was_another(life, write, owner, neighbour):
    life.vault.transfer_ownership(neighbour, sender=owner)
    assert b"another owner before" not in write(life.vault)

    life.vault.accept_ownership(sender=neighbour)

    assert b"another owner before" in write(life.vault)


def test_json_is_what_is_signed(life, write, shell, url, tmp_path):
    place = tmp_path / "told.json"
    line = f"statement {life.vault.address} --format json --out {place} --ledger {url}"

    told = shell(line)

    content = place.read_bytes()
    assert rfc8785.dumps(json.loads(content)) == content
    hashed = "0x" + keccak(content).hex()
    assert told.text == f"{place}: {len(content):,} bytes, hash of the JSON {hashed}\n"
    assert f"<code>{hashed}</code>".encode() in write(life.vault)


def test_programs_are_told_where_it_is(life, shell, url, tmp_path):
    place = tmp_path / "told.csv"
    line = f"statement {life.vault.address} --format csv --out {place} --ledger {url} --json"

    told = json.loads(shell(line).text)

    content = place.read_bytes()
    assert (told["file"], told["bytes"]) == (str(place), len(content))
    assert re.fullmatch("0x[0-9a-f]{64}", told["hash"])


def test_it_may_be_written_here(life, shell, url, write):
    line = f"statement {life.vault.address} --format csv --out - --ledger {url}"

    assert shell(line).text.encode() == write(life.vault, "--format csv")


def test_it_has_a_place_of_its_own(life, shell, url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    for period in ("all", life.quarter):
        told = shell(f"statement {life.vault.address} --period {period} --ledger {url}")
        assert told.code == 0, told.text

    number = life.market.factory.vault_id(life.vault)
    chain_id = life.market.manifest.chain_id
    places = [f"{chain_id}-demo-{number}-{period}.html" for period in ("all", life.quarter)]
    assert sorted(it.name for it in Path("out", "statements").iterdir()) == sorted(places)


# -- Periods ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["early", "quarter", "month", "day"])
def test_a_period_has_what_happened_in_it(life, write, name):
    period = getattr(life, name)
    told = json.loads(write(life.vault, f"--format json --period {period}"))

    assert told["period"]["name"] == period
    moments = [it["timestamp"] for it in told["movements"]]
    begin, end = (told["period"][it]["timestamp"] for it in ("from", "to"))
    assert moments
    assert begin < min(moments) <= max(moments) <= end


def test_a_day_without_movements_is_told(life, write):
    year, month = life.month.split("-")
    told = json.loads(write(life.vault, f"--format json --period {year}-{month}-28"))

    assert told["movements"] == told["liquidations"] == []
    assert told["period"]["from"]["block"] == told["period"]["to"]["block"]
    assert {it["adds_up"] for it in told["checks"]} == {True}


def test_a_period_before_the_vault_is_refused(life, shell, url):
    told = shell(f"statement {life.script.address} --period {life.early} --ledger {url}")

    assert told.code == 2
    assert told.error == (
        f"<script>alert(1)</script> was opened after {life.early}; name a later period."
    )


def test_a_period_before_the_chain_is_refused(life, shell, url):
    told = shell(f"statement {life.vault.address} --period 1999 --ledger {url}")

    assert told.code == 2
    assert told.error == "vault was opened after 1999; name a later period."


def test_a_period_that_is_not_over_is_refused(life, shell, url):
    told = shell(f"statement {life.vault.address} --period {life.running} --ledger {url}")

    assert told.code == 1
    assert "the chain has not passed" in told.error
    assert told.error.endswith("name an earlier period")


def test_a_period_in_which_a_vault_got_something_before_it_was_opened_is_refused(
    life, shell, url, wait, weth, outsider
):
    weth.mint(life.market.vault_of(outsider, "later"), WETH, sender=outsider)
    wait(92 * DAY)
    vault = life.market.open_vault(outsider, "later", sender=outsider)

    told = shell(f"statement {vault.address} --period {life.running} --ledger {url}")

    assert told.code == 1
    assert told.error.startswith(f"vault {vault.address} was not open at block")
    assert "name a later" in told.error
    whole = shell(f"statement {vault.address} --format csv --out - --ledger {url}")
    assert "unsolicited,WETH" in whole.text


def test_a_period_whose_last_second_may_bring_another_block_is_not_over(
    life, shell, url, chain, market, feed_keeper
):
    end = period_of(life.running).end
    chain.mine(timestamp=end)
    assert chain.blocks.head.timestamp == end
    line = f"statement {life.vault.address} --period {life.running} --ledger {url} --out -"

    told = shell(line)
    steps.refresh(market, feed_keeper)

    assert chain.blocks.head.timestamp > end
    assert told.code == 1
    assert "the chain has not passed" in told.error
    assert shell(line).code == 0


@pytest.mark.parametrize("place", [(lookback, "followed"), (statement, "last_proof")])
def test_a_statement_is_of_one_block(
    life, shell, url, tmp_path, monkeypatch, market, set_price, place
):
    """Another chain takes the place of the one that is looked at."""
    snapshot = market.provider.snapshot()
    set_price("WETH", 210)
    real = getattr(*place)

    def then(*args):
        found = real(*args)
        market.provider.restore(snapshot)
        set_price("WETH", 220)
        return found

    monkeypatch.setattr(*place, then)
    file = tmp_path / "statement.html"
    told = shell(f"statement {life.vault.address} --ledger {url} --out {file}")

    assert told.code == 1
    assert "was replaced meanwhile; run it again" in told.error
    assert not file.exists()


def test_what_is_no_period_is_refused(life, shell, url):
    told = shell(f"statement {life.vault.address} --period soon --ledger {url}")

    assert told.code == 1
    assert told.error.startswith('"soon" is no period; write it like 2026')


# -- CSV -------------------------------------------------------------------------------------------


def test_csv_is_the_movements(life, write, tell, weth):
    rows = list(csv.DictReader(io.StringIO(write(life.vault, "--format csv").decode())))

    assert rows == [
        {name: "" if it is None else str(it) for name, it in row.items()}
        for row in exact(tell(life.vault).facts["movements"])
    ]
    moved = [to_base(Decimal(it["amount"]), 18) for it in rows if it["symbol"] == "WETH"]
    assert sum(moved) == weth.balanceOf(life.vault)


# -- What does not agree ---------------------------------------------------------------------------


@pytest.fixture
def forget(life, url, tmp_path):
    """Copy the ledger, and delete from it what a contract logged of a vault in a transaction."""

    def act(contract, transaction):
        place = tmp_path / "torn.db"
        shutil.copy(url, place)
        told = (contract.address, transaction, life.vault.address)
        with sqlite3.connect(place) as work:
            done = work.execute(
                "DELETE FROM logs WHERE address = ? AND tx = ? AND instr(topics, ?)",
                [bytes.fromhex(it[2:]) for it in told],
            )
        assert done.rowcount >= 1
        return place

    return act


def test_a_log_that_is_missing_is_seen(life, write, tell, forget, weth):
    (gift,) = [
        it
        for it in tell(life.vault).facts["movements"]
        if it["kind"] == "unsolicited" and it["symbol"] == "WETH"
    ]
    torn = forget(weth, gift["transaction"])

    page = write(life.vault, code=exits.RECONCILIATION_BREAK, ledger=torn).decode()
    told = json.loads(
        write(life.vault, "--format json", code=exits.RECONCILIATION_BREAK, ledger=torn)
    )

    assert "does not add up</span> WETH : the books and the chain do not agree" in page
    assert [it["of"] for it in told["checks"] if not it["chain_agrees"]] == ["WETH"]


def test_books_that_fall_below_nothing_are_told(life, write, tell, forget, weth):
    """Without its first deposit the vault gave what it never had."""
    torn = forget(weth, tell(life.vault).facts["movements"][0]["transaction"])

    page = write(life.vault, code=exits.RECONCILIATION_BREAK, ledger=torn).decode()

    assert "does not add up" in page


@pytest.mark.parametrize("number", range(1, 6))
def test_a_loan_or_repayment_that_is_missing_is_seen(life, write, tell, forget, pool, number):
    """Without it interest is whatever remains, and the last of them says what is owed."""
    moves = [it for it in tell(life.vault).facts["movements"] if it["of"] == "debt"]
    torn = forget(pool, moves[-number]["transaction"])

    told = json.loads(
        write(life.vault, "--format json", code=exits.RECONCILIATION_BREAK, ledger=torn)
    )

    wrong = [it["of"] for it in told["checks"] if not (it["adds_up"] and it["chain_agrees"])]
    assert wrong == ["debt"]


def test_collateral_that_is_missing_is_seen(life, write, url, tmp_path):
    """Without it the margin would be another."""
    torn = tmp_path / "torn.db"
    shutil.copy(url, torn)
    told = (life.vault.address, "0x" + keccak(text="CollateralEnabled(address)").hex())
    with sqlite3.connect(torn) as work:
        done = work.execute(
            "DELETE FROM logs WHERE address = ? AND instr(topics, ?)",
            [bytes.fromhex(it[2:]) for it in told],
        )
    assert done.rowcount >= 1

    told = json.loads(
        write(life.vault, "--format json", code=exits.RECONCILIATION_BREAK, ledger=torn)
    )

    wrong = [it["of"] for it in told["checks"] if not (it["adds_up"] and it["chain_agrees"])]
    assert wrong == ["collateral"]


def test_a_chain_that_disagrees_is_told(life, write, weth, outsider):
    weth.rebase(life.vault, weth.balanceOf(life.vault) + 1, sender=outsider)

    page = write(life.vault, code=exits.RECONCILIATION_BREAK).decode()

    assert "does not add up</span> WETH : the books and the chain do not agree" in page
    assert ">adds up<" not in page


def test_a_chain_that_agrees_is_told(life, write):
    page = write(life.vault).decode()

    assert ">adds up</span> opening and movements are the closing" in page
    assert "does not add up" not in page


# -- Proofs ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def proven(life, tmp_path_factory):
    """A folder with a report of segregation, and the report."""
    folder = tmp_path_factory.mktemp("reports")
    life.market.manifest.write(folder / "manifests")
    line = f"segregation prove --out {folder} --ledger {folder / 'ledger.db'}"
    told = Shell(folder / "manifests")(line)
    assert told.code == 0, told.text
    return folder, read_report(next(folder.glob("*.json")))


def test_the_last_proof_is_told(life, write, proven):
    folder, report = proven
    assert b">no proof<" in write(life.vault)

    page = write(life.vault, f"--reports {folder}").decode()
    told = json.loads(write(life.vault, f"--format json --reports {folder}"))

    assert told["proof"] == {
        "number": 1,
        "hash": hash_of_report(report),
        "block": report["block"]["number"],
        "timestamp": report["block"]["timestamp"],
        "checks": [
            {name: it[name] for name in ("id", "title", "status")}
            for it in sorted(report["checks"], key=lambda it: not it["id"].startswith("P"))
        ],
    }
    assert f"Proof of segregation 1, of block {report['block']['number']}" in page
    assert hash_of_report(report) in page
    assert page.count('<li class="light') == len(report["checks"])


@pytest.fixture
def proofs(life, write, proven, tmp_path):
    """Add a report like the proven one but for its block; return which one is told."""
    folder = Path(shutil.copytree(proven[0], tmp_path / "reports"))

    def act(number, hash_of_block, options=""):
        _, report = proven
        block = report["block"] | {"number": number, "hash": "0x" + bytes(hash_of_block).hex()}
        other = report | {"number": 2, "block": block}
        (folder / f"{report['market']['chain_id']}-demo-00002.json").write_bytes(canonical(other))
        text = write(life.vault, f"--format json --reports {folder} {options}")
        told = json.loads(text)["proof"]
        return None if told is None else told["number"]

    return act


def test_a_proof_of_a_later_block_is_not_told(life, proofs, proven, chain):
    chain.mine()
    head = chain.blocks.head

    assert proofs(head.number, head.hash) == 2
    assert proofs(head.number, head.hash, f"--block {head.number - 1}") == 1
    assert proofs(head.number, head.hash, f"--period {life.quarter}") is None


def test_a_proof_of_another_chain_is_not_told(proofs, proven):
    assert proofs(proven[1]["block"]["number"], bytes(32)) == 1
