import ape

from tests.steps import CLIENT, HOUSE, event
from tests.unit.factory.conftest import LABEL


def test_the_house_opens_its_own(factory, market, house):
    opened = market.open_house_vault("grid", sender=house)

    assert opened.owner() == house.address
    assert opened.fund_class() == HOUSE


def test_logs_the_vault(factory, house):
    count = factory.vault_count()

    receipt = factory.open_house_vault(LABEL, sender=house)

    assert event(receipt, factory.VaultOpened).event_arguments == {
        "vault": factory.house_vault_of(LABEL),
        "owner": house.address,
        "label": LABEL,
        "fund_class": HOUSE,
        "id": count + 1,
    }


def test_stands_elsewhere_than_a_client_vault_of_that_name(factory, market, house, outsider):
    opened = market.open_house_vault("grid", sender=house)
    factory.transfer_ownership(outsider, sender=house)
    factory.accept_ownership(sender=outsider)

    client = market.open_vault(house, "grid", sender=outsider)

    assert opened.address != client.address
    assert (opened.fund_class(), client.fund_class()) == (HOUSE, CLIENT)


def test_the_next_owner_opens_its_own(factory, market, house, outsider):
    first = market.open_house_vault("grid", sender=house)
    factory.transfer_ownership(outsider, sender=house)
    factory.accept_ownership(sender=outsider)

    second = market.open_house_vault("grid", sender=outsider)

    assert first.address != second.address
    assert (first.owner(), second.owner()) == (house.address, outsider.address)


def test_refuses_a_second_vault_of_that_name(factory, house):
    factory.open_house_vault(LABEL, sender=house)

    with ape.reverts("factory: vault exists"):
        factory.open_house_vault(LABEL, sender=house)


def test_refuses_everybody_else(factory, owner, risk_admin, guardian, officer):
    for stranger in (owner, risk_admin, guardian, officer):
        with ape.reverts("ownership: not the owner"):
            factory.open_house_vault(LABEL, sender=stranger)
