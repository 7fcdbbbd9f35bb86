import ape

from tests.steps import USDC, WETH, event, events, put


def test_sets_the_tokens_bit(vault, engine, weth, wbtc, owner):
    vault.enable_collateral(weth, sender=owner)
    vault.enable_collateral(wbtc, sender=owner)

    assert vault.collateral_mask() == engine.bit_of(weth) | engine.bit_of(wbtc)
    assert vault.collaterals() == [weth.address, wbtc.address]


def test_logs_the_token(vault, weth, owner):
    receipt = vault.enable_collateral(weth, sender=owner)

    assert event(receipt, vault.CollateralEnabled).event_arguments == {"token": weth.address}


def test_lets_a_strangers_deposit_count(vault, engine, weth, owner, outsider):
    put(vault, weth, WETH, outsider)

    vault.enable_collateral(weth, sender=owner)

    # 193.84 dollars.
    assert engine.margin_of(vault).collateral_value == 19_384 * 10**16


def test_leaves_an_enabled_token_alone(vault, weth, owner):
    vault.enable_collateral(weth, sender=owner)

    receipt = vault.enable_collateral(weth, sender=owner)

    assert not events(receipt, vault.CollateralEnabled)
    assert vault.collaterals() == [weth.address]


def test_leaves_the_debt_alone(indebted, wbtc, owner):
    before = indebted.scaled_debt()

    indebted.enable_collateral(wbtc, sender=owner)

    assert indebted.scaled_debt() == before == 10_000 * USDC


def test_an_enabled_token_may_have_a_dead_price(vault, weth, owner, kill_price):
    vault.enable_collateral(weth, sender=owner)
    kill_price("WETH")

    vault.enable_collateral(weth, sender=owner)

    assert vault.collaterals() == [weth.address]


def test_refuses_another_token_with_a_dead_price(vault, weth, owner, kill_price):
    kill_price("WETH")

    with ape.reverts("vault: dead price"):
        vault.enable_collateral(weth, sender=owner)


def test_refuses_a_seventeenth_token(vault, list_token, owner):
    for number in range(16):
        vault.enable_collateral(list_token(f"T{number}"), sender=owner)

    with ape.reverts("vault: 16 tokens enabled"):
        vault.enable_collateral(list_token("T16"), sender=owner)


def test_sixteen_enabled_tokens_are_judged(indebted, list_token, owner, usdc):
    for number in range(15):
        put(indebted, list_token(f"T{number}"), 10**18, owner)

    indebted.borrow(USDC, owner, sender=owner)

    assert len(indebted.collaterals()) == 16


def test_there_is_room_again_after_one_is_disabled(vault, list_token, owner):
    tokens = [list_token(f"T{number}") for number in range(17)]
    for token in tokens[:16]:
        vault.enable_collateral(token, sender=owner)
    vault.disable_collateral(tokens[3], sender=owner)

    vault.enable_collateral(tokens[16], sender=owner)

    enabled = [token.address for token in tokens if token != tokens[3]]
    assert vault.collaterals() == enabled


def test_refuses_a_token_that_was_never_listed(project, deployer, vault, owner):
    stray = deployer.deploy(project.MockToken, "Stray", "STRAY", 18)

    with ape.reverts("engine: token not listed"):
        vault.enable_collateral(stray, sender=owner)


def test_refuses_a_delisted_token(vault, list_token, delist, owner):
    token = list_token("X")
    delist(token)

    with ape.reverts("engine: token delisted"):
        vault.enable_collateral(token, sender=owner)


def test_refuses_everybody_else(vault, weth, house, risk_admin, officer, outsider):
    for stranger in (house, risk_admin, officer, outsider):
        with ape.reverts("vault: not the owner"):
            vault.enable_collateral(weth, sender=stranger)
