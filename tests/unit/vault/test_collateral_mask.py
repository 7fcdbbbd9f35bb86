from tests.crowd import Crowd
from tests.steps import CLIENT


def test_is_empty_at_first(vault):
    assert vault.collateral_mask() == 0


def test_has_the_engines_bits(vault, engine, market, owner):
    bits = 0
    for token in market.tokens.values():
        vault.enable_collateral(token, sender=owner)
        bits |= engine.bit_of(token)
        assert vault.collateral_mask() == bits

    assert bits == 2 ** len(market.tokens) - 1


def test_has_room_for_the_last_token(project, market, deployer, house, risk_admin, vault, owner):
    crowd = Crowd(project, market, deployer, house, risk_admin)
    tokens = crowd.create(88 - len(market.tokens))
    crowd.list_tokens(tokens)

    vault.enable_collateral(tokens[-1], sender=owner)

    assert vault.collateral_mask() == 1 << 87
    assert vault.collaterals() == [tokens[-1]]
    assert (vault.owner(), vault.fund_class()) == (owner, CLIENT)


def test_disabling_clears_one_bit(vault, engine, market, owner):
    for token in market.tokens.values():
        vault.enable_collateral(token, sender=owner)

    vault.disable_collateral(market.tokens["WBTC"], sender=owner)

    others = [token for symbol, token in market.tokens.items() if symbol != "WBTC"]
    assert vault.collateral_mask() == sum(engine.bit_of(token) for token in others)


def test_is_the_vaults_own(vault, other_vault, weth, owner):
    vault.enable_collateral(weth, sender=owner)

    assert other_vault.collateral_mask() == 0
