from tests.steps import USDC


def test_is_nothing_at_first(vault):
    assert tuple(vault.margin_state()) == (0, 0)


def test_is_mask_and_scaled_debt(indebted, engine, weth):
    assert tuple(indebted.margin_state()) == (engine.bit_of(weth), 10_000 * USDC)


def test_is_what_the_two_views_say(indebted, dai, owner):
    indebted.enable_collateral(dai, sender=owner)

    state = indebted.collateral_mask(), indebted.scaled_debt()

    assert tuple(indebted.margin_state()) == state
