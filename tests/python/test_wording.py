"""What is shown is what is known."""

from decimal import Decimal

import pytest

from ringfence.registry import MarginRow, Opening
from ringfence.units import MAX_UINT
from ringfence.wording import moment_text, row_line, value_text

OPENING = Opening("0xvault", "0xowner", "alpha", "client", 7)


@pytest.mark.parametrize(
    ("debt", "health", "text"),
    [
        (Decimal(5), 0, "debt 5 USDC  health 0.0000"),
        (Decimal(0), MAX_UINT, "debt 0 USDC  health no debt"),
        (None, None, "debt unknown  health unknown"),
    ],
)
def test_unknown_is_not_nothing(debt, health, text):
    line = row_line(OPENING, MarginRow("0xvault", "ok", None, debt, health), "USDC")

    assert line == f"   7  0xvault  alpha  client  {text}"


def test_moments_are_utc():
    assert moment_text(1_583_971_200) == "2020-03-12 00:00:00 UTC"


def test_losses_never_look_smaller():
    assert value_text(-1, "USD") == "-0.01 USD"
