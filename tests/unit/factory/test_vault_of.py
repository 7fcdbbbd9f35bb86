import pytest
from eth_abi import encode
from eth_utils import keccak, to_checksum_address

from tests.steps import CLIENT, HOUSE, ZERO
from tests.unit.factory.conftest import LABEL


@pytest.fixture
def predict(factory, market):
    """CREATE2 by hand: keccak256(0xff, factory, salt, keccak256(creation code))."""

    def act(owner, label, fund_class):
        salt = keccak(encode(["address", "bytes32", "uint256"], [owner.address, label, fund_class]))
        code = bytes.fromhex(
            "602d3d8160093d39f3363d3d373d3d3d363d73"
            + market.implementation.address[2:]
            + "5af43d82803e903d91602b57fd5bf3"
        )
        factory_bytes = bytes.fromhex(factory.address[2:])
        return to_checksum_address(keccak(b"\xff" + factory_bytes + salt + keccak(code))[12:])

    return act


@pytest.mark.parametrize("label", [LABEL, bytes(32), b"\xff" * 32])
def test_predicts_a_client_vault(factory, owner, predict, label):
    assert factory.vault_of(owner, label) == predict(owner, label, CLIENT)


def test_predicts_a_house_vault(factory, house, predict):
    assert factory.house_vault_of(LABEL) == predict(house, LABEL, HOUSE)


def test_the_vault_opens_where_it_was_predicted(factory, owner, chain):
    predicted = factory.vault_of(owner, LABEL)
    assert len(chain.provider.get_code(predicted)) == 0

    factory.open_vault(owner, LABEL, sender=owner)

    assert len(chain.provider.get_code(predicted)) == 45
    assert factory.vault_of(owner, LABEL) == predicted


def test_the_first_owner_names_the_address(factory, market, owner, outsider):
    vault = market.open_vault(owner, "grid", sender=owner)

    vault.transfer_ownership(outsider, sender=owner)
    vault.accept_ownership(sender=outsider)

    assert factory.vault_of(owner, LABEL) == vault.address
    assert factory.vault_of(outsider, LABEL) != vault.address


def test_a_prediction_for_nobody_is_no_vault(factory):
    assert factory.vault_id(factory.vault_of(ZERO, LABEL)) == 0
