import ape

from tests.steps import ZERO


def test_knows_its_implementation_and_is_known_by_it(factory, market):
    assert factory.IMPLEMENTATION() == market.implementation.address
    assert market.implementation.FACTORY() == factory.address


def test_accepts_an_implementation_made_for_its_address(project, deployer, house, made_for):
    implementation = made_for()

    factory = deployer.deploy(project.VaultFactory, implementation, house)

    assert factory.IMPLEMENTATION() == implementation.address
    assert factory.owner() == house.address
    assert factory.vault_count() == 0


def test_starts_with_empty_offices(project, deployer, house, made_for):
    factory = deployer.deploy(project.VaultFactory, made_for(), house)

    assert factory.risk_admin() == ZERO
    assert factory.guardian() == ZERO
    assert factory.compliance_officer() == ZERO


def test_refuses_an_implementation_of_another_factory(project, deployer, house, market):
    with ape.reverts("factory: foreign implementation"):
        deployer.deploy(project.VaultFactory, market.implementation, house)


def test_refuses_no_owner(project, deployer, config):
    # Reached through the oracle: a failed creation is told by a repetition, which would stand at
    # another address than the factory that the implementation was made for.
    with ape.reverts("ownership: zero owner"):
        deployer.deploy(project.ChainlinkOracle, ZERO, config.notice, ZERO, ZERO, 0)
