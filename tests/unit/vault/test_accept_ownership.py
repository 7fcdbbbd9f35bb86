import ape
import pytest

from tests.steps import CLIENT, DAY, HOUSE, MAX, WETH, ZERO, event, put


@pytest.fixture
def offered(vault, owner, outsider):
    vault.transfer_ownership(outsider, sender=owner)
    return vault


@pytest.fixture
def house_vault(market, house):
    return market.open_house_vault("house", sender=house)


def test_the_candidate_takes_over(offered, outsider):
    offered.accept_ownership(sender=outsider)

    assert offered.owner() == outsider.address
    assert offered.pending_owner() == ZERO


def test_logs_both_owners(offered, owner, outsider):
    receipt = offered.accept_ownership(sender=outsider)

    assert event(receipt, offered.OwnershipTransferred).event_arguments == {
        "previous_owner": owner.address,
        "new_owner": outsider.address,
    }


def test_takes_what_is_in_it_with_it(indebted, weth, owner, outsider):
    before = indebted.scaled_debt(), indebted.collateral_mask()
    indebted.transfer_ownership(outsider, sender=owner)

    indebted.accept_ownership(sender=outsider)

    assert (indebted.scaled_debt(), indebted.collateral_mask()) == before
    indebted.withdraw(weth, WETH, outsider, sender=outsider)


def test_the_former_owner_keeps_nothing(offered, weth, owner, outsider):
    put(offered, weth, WETH, owner)
    offered.accept_ownership(sender=outsider)

    with ape.reverts("vault: not the owner"):
        offered.withdraw(weth, MAX, owner, sender=owner)


def test_the_hold_and_the_class_stay(offered, officer, outsider, chain):
    until = chain.pending_timestamp + DAY
    offered.place_hold(b"\1" * 32, until, sender=officer)

    offered.accept_ownership(sender=outsider)

    assert (offered.fund_class(), offered.hold_until()) == (CLIENT, until)


def test_neither_pause_nor_hold_matters(offered, pool, guardian, officer, outsider, chain):
    pool.pause(2, DAY, sender=guardian)
    offered.place_hold(b"\1" * 32, chain.pending_timestamp + DAY, sender=officer)

    offered.accept_ownership(sender=outsider)

    assert offered.owner() == outsider.address


def test_refuses_a_second_time(offered, outsider):
    offered.accept_ownership(sender=outsider)

    with ape.reverts("vault: not the candidate"):
        offered.accept_ownership(sender=outsider)


def test_refuses_everybody_else(offered, owner, house, neighbour):
    for stranger in (owner, house, neighbour):
        with ape.reverts("vault: not the candidate"):
            offered.accept_ownership(sender=stranger)


# -- Fund classes ----------------------------------------------------------------------------------


def test_a_clients_vault_never_becomes_the_houses(vault, owner, house):
    vault.transfer_ownership(house, sender=owner)

    with ape.reverts("vault: another fund class"):
        vault.accept_ownership(sender=house)


def test_a_house_vault_never_becomes_a_clients(house_vault, house, outsider):
    house_vault.transfer_ownership(outsider, sender=house)

    with ape.reverts("vault: another fund class"):
        house_vault.accept_ownership(sender=outsider)


def test_a_house_vault_follows_the_house(house_vault, factory, house, outsider):
    factory.transfer_ownership(outsider, sender=house)
    factory.accept_ownership(sender=outsider)
    house_vault.transfer_ownership(outsider, sender=house)

    house_vault.accept_ownership(sender=outsider)

    assert house_vault.owner() == outsider.address
    assert house_vault.fund_class() == HOUSE
