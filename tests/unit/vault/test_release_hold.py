import ape
import pytest

from tests.steps import CLIENT, DAY, MAX, WETH, event, put


@pytest.fixture
def held(vault, weth, owner, officer, chain):
    """The vault with one WETH, on hold for a day."""
    put(vault, weth, WETH, owner)
    vault.place_hold(b"\1" * 32, chain.pending_timestamp + DAY, sender=officer)
    return vault


def test_ends_the_hold(held, officer, owner, weth):
    held.release_hold(sender=officer)

    held.withdraw(weth, MAX, owner, sender=owner)
    assert held.hold_until() == 0


def test_logs_the_release(held, officer):
    receipt = held.release_hold(sender=officer)

    assert event(receipt, held.HoldReleased).event_arguments == {"officer": officer.address}


def test_leaves_owner_and_class(held, officer, owner):
    held.release_hold(sender=officer)

    assert (held.owner(), held.fund_class()) == (owner.address, CLIENT)


def test_ends_the_hold_in_its_last_second(held, officer, chain):
    chain.pending_timestamp = held.hold_until()

    held.release_hold(sender=officer)

    assert held.hold_until() == 0


def test_refuses_without_a_hold(vault, officer):
    with ape.reverts("vault: not on hold"):
        vault.release_hold(sender=officer)


def test_refuses_after_it_lapsed(held, officer, wait):
    wait(DAY + 60)

    with ape.reverts("vault: not on hold"):
        held.release_hold(sender=officer)


def test_refuses_everybody_else(held, owner, house, risk_admin, guardian, outsider):
    for stranger in (owner, house, risk_admin, guardian, outsider):
        with ape.reverts("vault: not the officer"):
            held.release_hold(sender=stranger)


def test_the_next_officer_releases_it(held, factory, house, outsider):
    factory.set_compliance_officer(outsider, sender=house)

    held.release_hold(sender=outsider)

    assert held.hold_until() == 0
