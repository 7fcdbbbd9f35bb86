import ape

from tests.steps import CLIENT, HOUSE, ZERO, event
from tests.unit.factory.conftest import LABEL


def test_anyone_opens_a_vault_for_its_owner(factory, market, owner, outsider):
    factory.open_vault(owner, LABEL, sender=outsider)

    opened = market.vault_of(owner, "grid")
    assert opened.owner() == owner.address
    assert opened.fund_class() == CLIENT


def test_the_vault_is_empty_and_free(factory, market, owner, outsider):
    factory.open_vault(owner, LABEL, sender=outsider)

    opened = market.vault_of(owner, "grid")
    assert (opened.scaled_debt(), opened.collateral_mask(), opened.hold_until()) == (0, 0, 0)
    assert opened.pending_owner() == ZERO


def test_the_vault_is_a_minimal_proxy_of_the_implementation(factory, market, owner, chain):
    factory.open_vault(owner, LABEL, sender=owner)

    # EIP-1167 in the form that Vyper deploys.
    code = bytes(chain.provider.get_code(factory.vault_of(owner, LABEL)))
    target = bytes.fromhex(market.implementation.address[2:])
    assert code.hex() == ("363d3d373d3d3d363d73" + target.hex() + "5af43d82803e903d91602b57fd5bf3")


def test_logs_the_vault(factory, owner, outsider):
    count = factory.vault_count()

    receipt = factory.open_vault(owner, LABEL, sender=outsider)

    assert event(receipt, factory.VaultOpened).event_arguments == {
        "vault": factory.vault_of(owner, LABEL),
        "owner": owner.address,
        "label": LABEL,
        "fund_class": CLIENT,
        "id": count + 1,
    }


def test_the_vault_logs_its_first_owner(factory, vault, owner, outsider):
    receipt = factory.open_vault(owner, LABEL, sender=outsider)

    assert event(receipt, vault.OwnershipTransferred).event_arguments == {
        "previous_owner": ZERO,
        "new_owner": owner.address,
    }


def test_an_owner_has_many_vaults(factory, owner):
    factory.open_vault(owner, LABEL, sender=owner)
    factory.open_vault(owner, LABEL[::-1], sender=owner)

    assert factory.vault_of(owner, LABEL) != factory.vault_of(owner, LABEL[::-1])


def test_labels_are_the_owners_own(factory, owner, neighbour):
    factory.open_vault(owner, LABEL, sender=owner)
    factory.open_vault(neighbour, LABEL, sender=owner)

    assert factory.vault_of(owner, LABEL) != factory.vault_of(neighbour, LABEL)


def test_the_zero_label_is_one_like_others(factory, market, owner):
    factory.open_vault(owner, bytes(32), sender=owner)

    opened = market.vault_at(factory.vault_of(owner, bytes(32)))
    assert opened.owner() == owner.address


def test_refuses_a_second_vault_of_that_name(factory, owner, outsider):
    factory.open_vault(owner, LABEL, sender=owner)

    with ape.reverts("factory: vault exists"):
        factory.open_vault(owner, LABEL, sender=outsider)


def test_refuses_that_name_after_the_vault_is_offered(factory, market, owner, outsider):
    factory.open_vault(owner, LABEL, sender=owner)
    opened = market.vault_of(owner, "grid")
    opened.transfer_ownership(outsider, sender=owner)
    opened.accept_ownership(sender=outsider)

    with ape.reverts("factory: vault exists"):
        factory.open_vault(owner, LABEL, sender=owner)


def test_refuses_no_owner(factory, outsider):
    with ape.reverts("factory: zero owner"):
        factory.open_vault(ZERO, LABEL, sender=outsider)


def test_the_house_has_no_client_vault(factory, house, outsider):
    with ape.reverts("factory: open a house vault"):
        factory.open_vault(house, LABEL, sender=outsider)


def test_a_former_house_may_have_one(factory, market, house, outsider):
    factory.transfer_ownership(outsider, sender=house)
    factory.accept_ownership(sender=outsider)

    factory.open_vault(house, LABEL, sender=house)

    assert market.vault_of(house, "grid").fund_class() == CLIENT != HOUSE
