"""What clients would get back, each from his own vault, and from one account of all."""

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ringfence.segregation.rehearsal import Claim, rehearsed
from tests.python.commands import Shell
from tests.steps import DAY

VALUES = st.integers(0, 2**120)
CLAIMS = st.lists(
    st.builds(Claim, st.just("vault"), st.just("label"), st.just("owner"), VALUES, VALUES),
    max_size=8,
)


@given(CLAIMS)
def test_nobody_gets_more_in_one_account(claims):
    for it in rehearsed(claims):
        assert 0 <= it.omnibus <= it.segregated == max(0, it.claim.equity)


@given(CLAIMS)
def test_one_account_pays_what_it_has(claims):
    """Less than one unit of value for each client is lost by rounding."""
    paid = sum(it.omnibus for it in rehearsed(claims))
    has = max(0, sum(it.equity for it in claims))

    assert has - len(claims) <= paid <= has


@given(CLAIMS)
def test_mixing_costs_nothing_while_nobody_owes_beyond_his_own(claims):
    sound = [it for it in claims if it.equity >= 0]

    assert [it.difference for it in rehearsed(sound)] == [0] * len(sound)


@given(CLAIMS)
def test_the_others_pay_what_somebody_owes(claims):
    """What mixing costs is what is owed beyond one's own, as far as there is anything."""
    found = rehearsed(claims)
    owed = sum(max(0, -it.equity) for it in claims)
    cost = sum(it.difference for it in found)
    has = sum(it.segregated for it in found)

    assert min(owed, has) <= cost <= min(owed, has) + len(claims)


def rows(shell, options=""):
    told = shell(f"segregation rehearse --json {options}")
    assert told.code == 0, told.text
    return {it["vault"]: it for it in json.loads(told.text)}


def values(row, *names):
    return [Decimal(row[name]) for name in names]


def shell_of(market, folder):
    market.manifest.write(folder)
    return Shell(folder, is_program=True)


def test_as_things_stand(lived, other_vault, market, tmp_path):
    found = rows(shell_of(market, tmp_path))

    assert found.keys() == {lived.address, other_vault.address}  # the house is no client
    for it in found.values():
        assets, debt, mine = values(it, "assets", "debt", "segregated")
        assert mine == assets - debt > 0
        assert Decimal(it["difference"]) == 0


def test_after_a_fall(lived, other_vault, market, tmp_path):
    """Who has lent nothing beyond his own loses nothing by it, but in one account."""
    found = rows(shell_of(market, tmp_path), "--fall WETH 80%")

    failed, innocent = found[lived.address], found[other_vault.address]
    assert values(failed, "segregated", "omnibus") == [0, 0]
    owed = Decimal(failed["debt"]) - Decimal(failed["assets"])
    mine, mixed, cost = values(innocent, "segregated", "omnibus", "difference")
    assert owed > 0
    assert mine > 0
    assert cost == mine - mixed
    assert abs(cost - min(owed, mine)) < Decimal("0.000000000000000002")


def test_for_people(lived, market, tmp_path):
    market.manifest.write(tmp_path)
    text = Shell(tmp_path)(["segregation", "rehearse", "--fall", "WETH", "80 %"]).text

    assert f"{lived.address}  vault  segregated 0.00 USD, omnibus 0.00 USD" in text
    assert "all together " in text


def test_a_dead_price_is_told(lived, market, tmp_path, chain):
    chain.mine(deltatime=3 * DAY)

    told = shell_of(market, tmp_path)("segregation rehearse")
    assert told.code == 13
