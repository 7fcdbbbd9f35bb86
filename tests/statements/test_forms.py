"""The same facts give the same bytes, exact to the last digit, and nothing in them is a formula."""

import csv
import io
import json
from decimal import Decimal

import pytest
from eth_utils import keccak

from ringfence.statements.forms import COLUMNS, as_csv, as_json, exact, hash_of, written_json
from ringfence.statements.page import adds_up

FACTS = {
    "b": Decimal("1E+30"),
    "a": [Decimal("0.000000000000000000000000001"), Decimal("-3.50")],
    "Ä": {"share": -0.25, "none": None, "is": True, "pair": (1, "x")},
}
ROW = {
    "block": 7,
    "timestamp": 8,
    "transaction": "0xaa",
    "of": "tokens",
    "kind": "unsolicited",
    "symbol": "WETH",
    "token": "0xbb",
    "amount": Decimal("-1.50"),
    "value": None,
    "counterparty": "0xcc",
}


def test_amounts_are_texts_to_the_last_digit():
    assert exact(FACTS) == {
        "b": "1000000000000000000000000000000",
        "a": ["0.000000000000000000000000001", "-3.50"],
        "Ä": {"share": -0.25, "none": None, "is": True, "pair": [1, "x"]},
    }


def test_json_is_in_the_one_form_of_rfc_8785():
    """Keys by UTF-16, no space, letters as they are, numbers as JavaScript writes them."""
    assert as_json(FACTS).decode() == (
        '{"a":["0.000000000000000000000000001","-3.50"],"b":"1000000000000000000000000000000",'
        '"Ä":{"is":true,"none":null,"pair":[1,"x"],"share":-0.25}}'
    )


def test_the_hash_is_of_the_json():
    assert hash_of(FACTS) == "0x" + keccak(as_json(FACTS)).hex()


def test_json_for_programs_says_the_same():
    assert json.loads(written_json(FACTS)) == json.loads(as_json(FACTS))


# -- CSV -------------------------------------------------------------------------------------------


def rows_of(*movements):
    text = as_csv({"movements": movements}).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_a_line_for_each_movement():
    first, second = rows_of(ROW, ROW | {"block": 9})

    assert tuple(first) == COLUMNS
    assert first == {name: "" if it is None else str(it) for name, it in ROW.items()}
    assert second["block"] == "9"


def test_without_movements_there_is_the_head():
    assert as_csv({"movements": []}).decode() == ",".join(COLUMNS) + "\n"


@pytest.mark.parametrize("symbol", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
def test_a_symbol_is_no_formula(symbol):
    (row,) = rows_of(ROW | {"symbol": symbol})

    assert row["symbol"] == f"'{symbol}"
    assert row["amount"] == "-1.50"


def test_a_symbol_stays_in_its_cell():
    symbol = 'a,"b"\n=1'
    (row,) = rows_of(ROW | {"symbol": symbol})

    assert row["symbol"] == symbol
    assert row["counterparty"] == "0xcc"


# -- Checks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("checks", "is_so"),
    [
        ([], True),
        ([(True, True), (True, True)], True),
        ([(True, True), (False, True)], False),
        ([(True, False), (True, True)], False),
    ],
)
def test_it_adds_up_if_all_of_it_does(checks, is_so):
    told = [{"of": "X", "adds_up": adds, "chain_agrees": agrees} for adds, agrees in checks]

    assert adds_up({"checks": told}) == is_so
