"""`performance VAULT`."""

import json
from decimal import Decimal

import pytest

from tests.python.commands import Shell


@pytest.fixture
def shell(market, tmp_path):
    market.manifest.write(tmp_path)
    typed = Shell(tmp_path)
    return lambda line: typed(f"{line} --ledger {tmp_path / 'ledger.db'}")


@pytest.fixture
def told(shell):
    """Type a command whose JSON is read."""

    def act(line):
        outcome = shell(f"{line} --json")
        assert outcome.code == 0, outcome.text
        return json.loads(outcome.text)

    return act


def add(amounts):
    return sum(map(Decimal, amounts))


def test_all_of_it_adds_up(lived, told):
    facts = told(f"performance {lived.address}")

    change = Decimal(facts["to"]["equity"]) - Decimal(facts["from"]["equity"])
    assert add(facts["flows"].values()) + add(facts["result"].values()) == change != 0
    assert add(facts["flows"].values()) == Decimal(facts["net_flow"])
    assert add(facts["result"].values()) == Decimal(facts["gain"])
    assert Decimal(facts["residual"]) == 0


def test_a_period_of_blocks(lived, told, chain):
    middle = chain.blocks.height - 3

    early = told(f"performance {lived.address} --to {middle}")
    late = told(f"performance {lived.address} --from {middle}")
    whole = told(f"performance {lived.address}")

    assert early["to"] == late["from"]
    product = (1 + early["time_weighted"]) * (1 + late["time_weighted"])
    assert product == pytest.approx(1 + whole["time_weighted"])
    for name in ("price", "interest", "liquidation"):
        total = add(it["result"][name] for it in (early, late))
        assert total == Decimal(whole["result"][name])


def test_people_read_it(lived, shell):
    told = shell(f"performance {lived.address}")

    assert told.code == 0, told.text
    for words in (
        "in and out",
        "deposits",
        "withdrawals -10,800.00",
        "time-weighted",
        "lowest 0.9",
    ):
        assert words in told.text


def test_a_vault_without_debt(vault, shell):
    text = shell(f"performance {vault.address}").text

    assert "gain            0.00 USD\n" in text
    assert "health          no debt\n" in text
    assert "time-weighted   none\n" in text


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ("--from 99999999", "--from 99999999 is not on this chain"),
        ("--to 9998-01-01", "has not passed 9998-01-02 00:00:00 UTC yet"),
        ("--from today", '"today" is no period; write it like 2026'),
        ("--from 9 --to 8", "nothing lies between --from 9 and --to 8"),
    ],
)
def test_refuses_what_is_no_period(vault, shell, options, error):
    told = shell(f"performance {vault.address} {options}")

    assert told.code in (1, 2)
    assert error in told.error
