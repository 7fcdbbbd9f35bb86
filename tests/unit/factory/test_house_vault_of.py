from tests.unit.factory.conftest import LABEL


def test_the_vault_opens_where_it_was_predicted(factory, house):
    predicted = factory.house_vault_of(LABEL)

    factory.open_house_vault(LABEL, sender=house)

    assert factory.vault_id(predicted) == factory.vault_count()


def test_follows_the_owner_of_the_factory(factory, house, outsider):
    before = factory.house_vault_of(LABEL)

    factory.transfer_ownership(outsider, sender=house)
    factory.accept_ownership(sender=outsider)

    assert factory.house_vault_of(LABEL) != before


def test_is_not_the_client_vault_of_that_name(factory, house):
    assert factory.house_vault_of(LABEL) != factory.vault_of(house, LABEL)
