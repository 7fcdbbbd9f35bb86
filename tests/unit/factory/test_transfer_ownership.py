import ape

from tests.steps import ZERO, event


def test_offers_without_giving(factory, house, outsider):
    factory.transfer_ownership(outsider, sender=house)

    assert factory.owner() == house.address
    assert factory.pending_owner() == outsider.address


def test_logs_the_offer(factory, house, outsider):
    receipt = factory.transfer_ownership(outsider, sender=house)

    assert event(receipt, factory.OwnershipOffered).event_arguments == {
        "owner": house.address,
        "candidate": outsider.address,
    }


def test_zero_withdraws_the_offer(factory, house, outsider):
    factory.transfer_ownership(outsider, sender=house)

    factory.transfer_ownership(ZERO, sender=house)

    with ape.reverts("ownership: not the candidate"):
        factory.accept_ownership(sender=outsider)


def test_refuses_everybody_else(factory, risk_admin, outsider):
    for stranger in (risk_admin, outsider):
        with ape.reverts("ownership: not the owner"):
            factory.transfer_ownership(stranger, sender=stranger)
