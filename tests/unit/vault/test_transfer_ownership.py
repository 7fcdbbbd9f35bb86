import ape

from tests.steps import DAY, MAX, WETH, ZERO, event, put


def test_offers_without_giving(vault, owner, outsider):
    vault.transfer_ownership(outsider, sender=owner)

    assert vault.owner() == owner.address
    assert vault.pending_owner() == outsider.address


def test_logs_the_offer(vault, owner, outsider):
    receipt = vault.transfer_ownership(outsider, sender=owner)

    assert event(receipt, vault.OwnershipOffered).event_arguments == {
        "owner": owner.address,
        "candidate": outsider.address,
    }


def test_the_owner_stays_in_command_meanwhile(vault, weth, owner, outsider):
    put(vault, weth, WETH, owner)

    vault.transfer_ownership(outsider, sender=owner)

    with ape.reverts("vault: not the owner"):
        vault.withdraw(weth, MAX, outsider, sender=outsider)
    vault.withdraw(weth, MAX, owner, sender=owner)


def test_a_second_offer_replaces_the_first(vault, owner, outsider, neighbour):
    vault.transfer_ownership(outsider, sender=owner)

    vault.transfer_ownership(neighbour, sender=owner)

    with ape.reverts("vault: not the candidate"):
        vault.accept_ownership(sender=outsider)


def test_zero_withdraws_the_offer(vault, owner, outsider):
    vault.transfer_ownership(outsider, sender=owner)

    vault.transfer_ownership(ZERO, sender=owner)

    with ape.reverts("vault: not the candidate"):
        vault.accept_ownership(sender=outsider)


def test_neither_pause_nor_hold_nor_debt_matters(
    indebted, pool, guardian, officer, owner, outsider, chain
):
    pool.pause(2, DAY, sender=guardian)
    indebted.place_hold(b"\1" * 32, chain.pending_timestamp + DAY, sender=officer)

    indebted.transfer_ownership(outsider, sender=owner)

    assert indebted.pending_owner() == outsider.address


def test_refuses_everybody_else(vault, house, risk_admin, guardian, officer, outsider):
    for stranger in (house, risk_admin, guardian, officer, outsider):
        with ape.reverts("vault: not the owner"):
            vault.transfer_ownership(stranger, sender=stranger)
