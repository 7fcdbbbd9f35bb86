import ape
import pytest

from ringfence.terms import engine_terms, pool_terms
from tests.steps import CLIENT, HOUSE, ZERO, event


@pytest.fixture
def made_for_house(project, deployer, market, house, config):
    """Vault code whose factory is an account, so that a test can call as the factory."""
    pool = deployer.deploy(
        project.CreditPool,
        market.asset,
        market.rate_model,
        house,
        market.fund,
        deployer,
        pool_terms(config),
    )
    terms = engine_terms(config.liquidation)
    engine = deployer.deploy(project.MarginEngine, market.oracle, pool, config.notice, terms)
    return deployer.deploy(project.Vault, engine)


@pytest.fixture
def proxy(market, deployer, made_for_house):
    """A fresh proxy of that code, which nobody has initialised."""
    code = (
        "602d3d8160093d39f3363d3d373d3d3d363d73"
        + made_for_house.address[2:]
        + "5af43d82803e903d91602b57fd5bf3"
    )
    txn = deployer.provider.network.ecosystem.create_transaction(data=bytes.fromhex(code))
    receipt = deployer.call(txn)
    return market.vault_at(receipt.contract_address)


def test_tells_whose_it_is(proxy, house, owner):
    receipt = proxy.initialize(owner, CLIENT, sender=house)

    assert event(receipt, proxy.OwnershipTransferred).event_arguments == {
        "previous_owner": ZERO,
        "new_owner": owner.address,
    }


def test_makes_the_vault_its_owners(proxy, house, owner):
    proxy.initialize(owner, CLIENT, sender=house)

    assert proxy.owner() == owner.address
    assert (proxy.fund_class(), proxy.hold_until()) == (CLIENT, 0)


def test_a_vault_that_is_not_initialised_is_nobodys(proxy, outsider):
    assert proxy.owner() == ZERO

    with ape.reverts("vault: not the owner"):
        proxy.transfer_ownership(outsider, sender=outsider)


def test_refuses_everybody_but_the_factory(vault, owner, house, deployer, outsider):
    for stranger in (owner, house, deployer, outsider):
        with ape.reverts("vault: not the factory"):
            vault.initialize(stranger, HOUSE, sender=stranger)


def test_refuses_a_second_time(proxy, house, owner, outsider):
    proxy.initialize(owner, CLIENT, sender=house)

    with ape.reverts("vault: initialised before"):
        proxy.initialize(outsider, HOUSE, sender=house)


def test_the_implementation_is_locked_even_for_its_factory(made_for_house, house, owner):
    with ape.reverts("vault: initialised before"):
        made_for_house.initialize(owner, CLIENT, sender=house)


def test_the_implementation_belongs_to_itself(market, owner):
    implementation = market.implementation

    assert implementation.owner() == implementation.address
    with ape.reverts("vault: not the factory"):
        implementation.initialize(owner, CLIENT, sender=owner)
