"""What a report tells is what the chain says, and it shows that nothing is mixed."""

import csv
import json
from decimal import Decimal

import pytest

from ringfence.segregation.checks import PASS, SKIPPED
from ringfence.segregation.form import canonical, read_report, schema
from ringfence.segregation.sheet import sheet
from tests.steps import USDC, WETH

KINDS = ("deposit", "top-up", "loan", "repayment", "seizure", "withdrawal", "unsolicited")


def statuses(report):
    return {it["id"]: it["status"] for it in report["checks"]}


def check(report, id):
    return next(it for it in report["checks"] if it["id"] == id)


def test_all_is_shown(report, market):
    expected = dict.fromkeys([f"P{it}" for it in range(1, 8)], PASS)
    expected |= dict.fromkeys(("daily", "block", "places"), PASS)
    if report["proof"] is None:
        expected["P3"] = SKIPPED
    if report["block"]["header"] is None:
        expected["block"] = SKIPPED

    assert statuses(report) == expected
    assert (report["proof"] is None) == (market.provider.name != "foundry")
    assert (report["block"]["header"] is None) == (market.provider.name == "test")


def test_it_tells_what_the_chain_says(report, market):
    assert [it["id"] for it in report["vaults"]] == [1, 2, 3]
    for told in report["vaults"]:
        vault, chain = market.vault_at(told["vault"]), told["chain"]
        assert told["debt"] == str(vault.debt())
        assert chain["owner"] == vault.owner()
        assert chain["scaled_debt"] == str(vault.scaled_debt())
        assert chain["collaterals"] == sorted(vault.collaterals())
        assert chain["balances"] == {
            it.address: str(it.balanceOf(vault)) for it in (market.asset, *market.tokens.values())
        }
        assert told["books"] == chain


def test_every_transfer_is_of_a_known_kind(report):
    assert {it["kind"] for it in report["transfers"]} == set(KINDS)


def test_what_owners_and_strangers_send_is_noted(report, lived, other_vault, outsider, dai, weth):
    gifts, crossing = (
        [it for it in check(report, "P5")["notes"] if it.startswith(kind)]
        for kind in ("unsolicited", "withdrawal")
    )

    assert f"unsolicited: {outsider.address} sent 7 of {dai.address}" in "".join(gifts)
    (told,) = crossing
    assert f"{WETH} of {weth.address} from {lived.address}" in told
    assert f"to {other_vault.address}" in told


def test_each_vault_in_debt_fails_alone(report, lived, other_vault):
    failed = {it["vault"]: it for it in report["failures"]}

    assert failed.keys() == {lived.address, other_vault.address}
    assert all(it["has_failed"] and it["transactions"] > 0 for it in failed.values())
    assert all(it["touched"] == [] for it in failed.values())


def test_the_daily_computation(report, market, lived, other_vault, pool, fund):
    rows = {(it["class"], it["token"]): it for it in report["computation"]}
    usdc, weth = market.asset.address, market.tokens["WETH"].address
    vaults = [lived, other_vault]
    debts = [it.debt() for it in vaults]
    held = [market.asset.balanceOf(it) for it in vaults]

    clients = rows["client", usdc]
    assert int(clients["held"]) == sum(held)
    assert int(clients["deficits"]) == sum(
        max(0, debt - own) for debt, own in zip(debts, held, strict=True)
    )
    assert int(clients["required"]) == sum(
        max(0, own - debt) for debt, own in zip(debts, held, strict=True)
    )
    assert int(rows["client", weth]["required"]) == sum(
        market.tokens["WETH"].balanceOf(it) for it in vaults
    )
    lenders = rows["lenders", usdc]
    assert int(lenders["held"]) == market.asset.balanceOf(pool)
    assert int(lenders["required"]) == pool.totalAssets()
    assert int(lenders["lent"]) == pool.total_debt()
    assert lenders["residual_interest"] == "0"
    assert {it["class"] for it in report["computation"]} == {
        *("client", "house"),
        *("lenders", "insurance"),
    }


def test_a_deficit_is_not_offset(prove, lived, other_vault, usdc, outsider, set_price):
    """What one vault owes lowers nothing of what another has to have."""
    usdc.mint(other_vault, 5_000 * USDC, sender=outsider)
    report = read_report(prove())

    row = next(it for it in report["computation"] if it["class"] == "client")
    assert row["token"] == usdc.address
    assert int(row["required"]) == 5_000 * USDC - other_vault.debt()
    own = usdc.balanceOf(lived)
    assert int(row["deficits"]) == lived.debt() - own
    assert int(row["excess"]) == other_vault.debt() + own
    assert row["residual_interest"] == "0"


# -- Files -----------------------------------------------------------------------------------------


def test_it_is_written_in_one_form(prove, lived, folder):
    path = prove()
    report = json.loads(path.read_bytes())

    assert canonical(report) == path.read_bytes()
    assert schema()["$id"] == report["form"]
    assert {it.suffix for it in folder.iterdir()} == {".json", ".csv", ".html"}


def test_the_sheet_has_a_line_for_each_vault_and_token(prove, lived, market):
    path = prove()
    rows = list(csv.DictReader(path.with_suffix(".csv").open()))

    assert len(rows) == 3 * 4
    (weth,) = [it for it in rows if it["symbol"] == "WETH" and it["vault"] == lived.address]
    assert Decimal(weth["chain"]) * WETH == market.tokens["WETH"].balanceOf(lived)
    assert weth["chain"] == weth["books"]


def test_nothing_in_the_sheet_is_a_formula(report):
    tokens = [it | {"symbol": "=1+1"} for it in report["tokens"]]
    rows = list(csv.DictReader(sheet(report | {"tokens": tokens}).splitlines()))

    assert {it["symbol"] for it in rows} == {"'=1+1"}


def test_the_page_needs_nothing_else(prove, lived, market, outsider):
    market.open_vault(outsider, "<script>alert(1)", sender=outsider)
    text = prove().with_suffix(".html").read_text()

    assert "&lt;script&gt;alert(1)" in text
    assert not [it for it in ("<script", "http:", "https:", "src=") if it in text]
    assert lived.address in text


@pytest.mark.parametrize("word", ['"form"', '"number"', '"vaults"'])
def test_what_is_no_report_is_refused(word, prove, lived, shell):
    path = prove()
    path.write_bytes(path.read_bytes().replace(word.encode(), b'"other"'))

    told = shell(f"segregation verify {path}")
    assert told.code == 12
    assert str(path) in told.error
