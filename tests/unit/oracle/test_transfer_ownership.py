"""The oracle has one owner, who hands over in two steps."""

import ape
import pytest

from tests.steps import ZERO, event


@pytest.fixture
def offered(oracle, house, outsider):
    """An oracle offered to the outsider."""
    oracle.transfer_ownership(outsider, sender=house)
    return oracle


def test_offers_without_handing_over(offered, house, outsider):
    assert offered.owner() == house
    assert offered.pending_owner() == outsider


def test_offer_is_logged(oracle, house, outsider):
    receipt = oracle.transfer_ownership(outsider, sender=house)

    assert event(receipt, oracle.OwnershipOffered) == oracle.OwnershipOffered(house, outsider)


def test_candidate_accepts(offered, house, outsider):
    receipt = offered.accept_ownership(sender=outsider)

    log = event(receipt, offered.OwnershipTransferred)
    assert log == offered.OwnershipTransferred(house, outsider)
    assert offered.owner() == outsider
    assert offered.pending_owner() == ZERO


def test_powers_go_with_it(offered, weth, feed, house, outsider):
    offered.accept_ownership(sender=outsider)

    with ape.reverts("ownership: not the owner"):
        offered.set_feed(weth, feed, 1, 1, 2, sender=house)


def test_offer_is_withdrawn(offered, house, outsider):
    offered.transfer_ownership(ZERO, sender=house)

    with ape.reverts("ownership: not the candidate"):
        offered.accept_ownership(sender=outsider)


def test_only_the_owner_offers(oracle, outsider):
    with ape.reverts("ownership: not the owner"):
        oracle.transfer_ownership(outsider, sender=outsider)


def test_only_the_candidate_accepts(offered, house):
    with ape.reverts("ownership: not the candidate"):
        offered.accept_ownership(sender=house)


def test_is_accepted_once(offered, outsider):
    offered.accept_ownership(sender=outsider)

    with ape.reverts("ownership: not the candidate"):
        offered.accept_ownership(sender=outsider)
