import ape

from tests.steps import ZERO, events
from tests.unit.factory.conftest import LABEL


def test_ids_follow_one_another(factory, market, owner, neighbour, house):
    count = factory.vault_count()

    first = market.open_vault(owner, "grid", sender=owner)
    second = market.open_house_vault("grid", sender=house)
    third = market.open_vault(neighbour, "grid", sender=owner)

    ids = [factory.vault_id(vault) for vault in (first, second, third)]
    assert ids == [count + 1, count + 2, count + 3]
    assert factory.vault_count() == count + 3


def test_an_id_stays_when_the_owner_changes(factory, vault, owner, outsider):
    before = factory.vault_id(vault)

    vault.transfer_ownership(outsider, sender=owner)
    vault.accept_ownership(sender=outsider)

    assert factory.vault_id(vault) == before > 0


def test_a_stranger_has_none(factory, market, owner, pool):
    for stranger in (ZERO, owner, factory, pool, market.implementation):
        assert factory.vault_id(stranger) == 0


def test_an_address_that_is_only_predicted_has_none(factory, owner):
    assert factory.vault_id(factory.vault_of(owner, LABEL)) == 0


def test_a_refused_opening_takes_no_id(factory, owner):
    factory.open_vault(owner, LABEL, sender=owner)
    count = factory.vault_count()

    with ape.reverts("factory: vault exists"):
        factory.open_vault(owner, LABEL, sender=owner)

    assert factory.vault_count() == count


def test_each_id_was_logged_once(factory, market, owner, neighbour):
    count = factory.vault_count()

    receipts = [factory.open_vault(who, LABEL, sender=owner) for who in (owner, neighbour)]

    logged = [log.id for receipt in receipts for log in events(receipt, factory.VaultOpened)]
    assert logged == [count + 1, count + 2]
