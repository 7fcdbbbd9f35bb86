import ape
import pytest

from tests.steps import CLIENT, DAY, MAX, USDC, WETH, event, put

REASON = b"\xab" * 32
GAS = 500_000  # given, so that nothing is estimated at another moment


@pytest.fixture
def now(chain):
    return chain.pending_timestamp


def test_sets_the_end(vault, officer, now):
    vault.place_hold(REASON, now + DAY, sender=officer)

    assert vault.hold_until() == now + DAY


def test_logs_the_order(vault, officer, now):
    receipt = vault.place_hold(REASON, now + DAY, sender=officer)

    assert event(receipt, vault.HeldByOfficer).event_arguments == {
        "officer": officer.address,
        "reason": REASON,
        "until": now + DAY,
    }


def test_leaves_owner_class_and_debt(indebted, officer, owner, now):
    before = indebted.scaled_debt(), indebted.collateral_mask()

    indebted.place_hold(REASON, now + DAY, sender=officer)

    assert (indebted.owner(), indebted.fund_class()) == (owner.address, CLIENT)
    assert (indebted.scaled_debt(), indebted.collateral_mask()) == before


def test_leaves_the_offer_to_a_candidate(vault, officer, owner, outsider, now):
    vault.transfer_ownership(outsider, sender=owner)

    vault.place_hold(REASON, now + DAY, sender=officer)

    assert vault.pending_owner() == outsider.address


def test_stops_withdrawing_and_borrowing_of_this_vault_only(
    vault, other_vault, weth, officer, owner, neighbour, now
):
    put(vault, weth, WETH, owner)
    put(other_vault, weth, WETH, neighbour)

    vault.place_hold(REASON, now + DAY, sender=officer)

    with ape.reverts("vault: on hold"):
        vault.withdraw(weth, MAX, owner, sender=owner)
    with ape.reverts("vault: on hold"):
        vault.borrow(USDC, owner, sender=owner)
    other_vault.withdraw(weth, MAX, neighbour, sender=neighbour)


def test_stops_nothing_else(indebted, usdc, weth, wbtc, officer, owner, now):
    indebted.place_hold(REASON, now + DAY, sender=officer)

    put(indebted, weth, WETH, owner)
    put(indebted, usdc, 4_000 * USDC, owner)
    indebted.enable_collateral(wbtc, sender=owner)
    indebted.disable_collateral(wbtc, sender=owner)
    indebted.repay_from_vault(1_000 * USDC, sender=owner)

    assert indebted.debt() < 9_001 * USDC


def test_replaces_the_present_one(vault, officer, now):
    vault.place_hold(REASON, now + 20 * DAY, sender=officer)

    vault.place_hold(REASON, now + DAY, sender=officer)

    assert vault.hold_until() == now + DAY


def test_takes_thirty_days(vault, officer, now):
    vault.place_hold(REASON, now + 30 * DAY, sender=officer)

    assert vault.hold_until() == now + 30 * DAY


@pytest.fixture
def moment(chain):
    """When the next transaction happens, to the second."""
    moment = chain.pending_timestamp + 60
    chain.pending_timestamp = moment
    return moment


def test_thirty_days_end_to_the_second(vault, officer, moment):
    with ape.reverts("vault: hold above 30 days"):
        vault.place_hold(REASON, moment + 30 * DAY + 1, sender=officer, gas=GAS)


def test_refuses_an_end_that_is_now(vault, officer, moment):
    with ape.reverts("vault: hold in the past"):
        vault.place_hold(REASON, moment, sender=officer, gas=GAS)


def test_its_last_second_is_on_hold(vault, weth, officer, owner, chain, now):
    put(vault, weth, WETH, owner)
    vault.place_hold(REASON, now + DAY, sender=officer)

    chain.pending_timestamp = now + DAY
    with ape.reverts("vault: on hold"):
        vault.withdraw(weth, MAX, owner, sender=owner, gas=GAS)


def test_refuses_more_than_thirty_days(vault, officer, now):
    # Of slack for chains whose next block is a little later than they say: an hour.
    with ape.reverts("vault: hold above 30 days"):
        vault.place_hold(REASON, now + 30 * DAY + 3_600, sender=officer)
    with ape.reverts("vault: hold above 30 days"):
        vault.place_hold(REASON, MAX, sender=officer)


def test_refuses_an_end_that_is_past(vault, officer, chain):
    for until in (0, chain.blocks.head.timestamp):
        with ape.reverts("vault: hold in the past"):
            vault.place_hold(REASON, until, sender=officer)


def test_refuses_everybody_else(vault, owner, house, risk_admin, guardian, outsider, now):
    for stranger in (owner, house, risk_admin, guardian, outsider):
        with ape.reverts("vault: not the officer"):
            vault.place_hold(REASON, now + DAY, sender=stranger)


def test_refuses_a_former_officer(vault, factory, house, officer, outsider, now):
    factory.set_compliance_officer(outsider, sender=house)

    with ape.reverts("vault: not the officer"):
        vault.place_hold(REASON, now + DAY, sender=officer)
    vault.place_hold(REASON, now + DAY, sender=outsider)
