"""A failure that touched somebody else would be seen: here somebody else is told to be a vault."""

from copy import deepcopy

import pytest

from ringfence.reading import BlockReader
from ringfence.segregation.fork import SENDER, changed_slots
from ringfence.segregation.gathering import gathered
from ringfence.segregation.on_fork import failed_on_fork
from tests.steps import DAY


@pytest.fixture
def told(market, indebted, books):
    if market.provider.name != "foundry":
        pytest.skip("needs a node that is forked")
    return gathered(market, books(), BlockReader.at(market.provider))


def bystander(told, address):
    """Return a report that takes somebody for a vault without debt."""
    report = deepcopy(told)
    report["vaults"].append(deepcopy(report["vaults"][0]) | {"vault": address, "debt": "0"})
    return report


def test_the_others_are_not_touched(market, told):
    (it,) = failed_on_fork(market, told)

    assert it["has_failed"]
    assert it["touched"] == []


def test_storage_that_changed_is_seen(market, told):
    """The pool's, which books the loss, as if it were a vault's."""
    (it,) = failed_on_fork(market, bystander(told, market.pool.address))

    assert market.pool.address in it["touched"]


def test_a_balance_that_changed_is_seen(market, told, weth):
    """The liquidator's, who gets what is seized, as if he were a vault."""
    (it,) = failed_on_fork(market, bystander(told, SENDER))

    assert f"{weth.address.lower()} of {SENDER}" in it["touched"]


def test_prices_that_are_dead_save_nobody(market, told, chain, indebted, books):
    chain.mine(deltatime=3 * DAY)
    assert not market.oracle.price_of(market.tokens["WETH"])[1]

    (it,) = failed_on_fork(market, gathered(market, books(), BlockReader.at(market.provider)))
    assert it["has_failed"]


def test_a_failure_that_does_not_come_is_told(market, told):
    """A collateral that the report does not name is left, and so is the debt."""
    report = deepcopy(told)
    report["vaults"][0]["chain"]["collaterals"] = []

    (it,) = failed_on_fork(market, report)
    assert not it["has_failed"]
    assert "no loss to realise" in it["refusal"] or "nothing to liquidate" in it["refusal"]


def test_the_chain_itself_stays_as_it_is(market, told, indebted, weth):
    before = indebted.scaled_debt(), weth.balanceOf(indebted), market.pool.total_scaled_debt()
    failed_on_fork(market, told)

    assert (indebted.scaled_debt(), weth.balanceOf(indebted)) == before[:2]
    assert market.pool.total_scaled_debt() == before[2]


def test_a_slot_that_became_zero_has_changed():
    trace = {
        "pre": {"a": {"storage": {"0x1": "0x5", "0x2": "0x6"}}},
        "post": {"a": {"storage": {"0x2": "0x7"}}},
    }

    assert sorted(changed_slots(trace)) == [("a", 1), ("a", 2)]
