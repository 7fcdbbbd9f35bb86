import ape
import pytest

from tests.steps import ZERO, event


@pytest.fixture(autouse=True)
def offered(factory, house, outsider):
    factory.transfer_ownership(outsider, sender=house)


def test_the_candidate_takes_over(factory, outsider):
    factory.accept_ownership(sender=outsider)

    assert factory.owner() == outsider.address
    assert factory.pending_owner() == ZERO


def test_logs_both_owners(factory, house, outsider):
    receipt = factory.accept_ownership(sender=outsider)

    assert event(receipt, factory.OwnershipTransferred).event_arguments == {
        "previous_owner": house.address,
        "new_owner": outsider.address,
    }


def test_the_former_owner_keeps_nothing(factory, house, outsider):
    factory.accept_ownership(sender=outsider)

    with ape.reverts("ownership: not the owner"):
        factory.set_guardian(house, sender=house)


def test_refuses_a_second_time(factory, outsider):
    factory.accept_ownership(sender=outsider)

    with ape.reverts("ownership: not the candidate"):
        factory.accept_ownership(sender=outsider)


def test_refuses_everybody_else(factory, house, neighbour):
    for stranger in (house, neighbour):
        with ape.reverts("ownership: not the candidate"):
            factory.accept_ownership(sender=stranger)
