import ape
import pytest

from tests.steps import DAY, USDC, WBTC, WETH, event, put
from tests.unit.vault.conftest import HIDES_BALANCES


@pytest.fixture
def with_spare(indebted, wbtc, owner):
    """The indebted vault with a WBTC that it does not need."""
    put(indebted, wbtc, WBTC, owner)
    return indebted


def test_clears_the_tokens_bit(vault, weth, wbtc, owner):
    put(vault, weth, WETH, owner)
    put(vault, wbtc, WBTC, owner)

    vault.disable_collateral(weth, sender=owner)

    assert vault.collaterals() == [wbtc.address]
    assert weth.balanceOf(vault) == WETH


def test_logs_the_token(vault, weth, owner):
    put(vault, weth, WETH, owner)

    receipt = vault.disable_collateral(weth, sender=owner)

    assert event(receipt, vault.CollateralDisabled).event_arguments == {"token": weth.address}


def test_what_is_not_needed_can_go(with_spare, weth, wbtc, owner):
    with_spare.disable_collateral(wbtc, sender=owner)

    assert with_spare.collaterals() == [weth.address]
    assert with_spare.scaled_debt() == 10_000 * USDC


def test_what_is_needed_can_not(with_spare, weth, owner):
    # A WBTC carries 7,935 * 0.75 = 5,951 of 10,000.
    with ape.reverts("vault: not enough margin"):
        with_spare.disable_collateral(weth, sender=owner)


def test_needs_no_price_of_that_token(with_spare, wbtc, owner, weth, kill_price):
    kill_price("WBTC")

    with_spare.disable_collateral(wbtc, sender=owner)

    assert with_spare.collaterals() == [weth.address]


def test_needs_no_balance_of_that_token(with_spare, wbtc, owner, weth, outsider):
    wbtc.set_quirks(HIDES_BALANCES, sender=outsider)

    with_spare.disable_collateral(wbtc, sender=owner)

    assert with_spare.collaterals() == [weth.address]


def test_needs_the_prices_of_the_rest(with_spare, wbtc, owner, kill_price):
    kill_price("WETH")

    with ape.reverts("engine: dead price"):
        with_spare.disable_collateral(wbtc, sender=owner)


def test_needs_no_price_without_debt(vault, weth, wbtc, owner, kill_price):
    put(vault, weth, WETH, owner)
    put(vault, wbtc, WBTC, owner)
    kill_price("WETH")

    vault.disable_collateral(wbtc, sender=owner)

    assert vault.collaterals() == [weth.address]


def test_a_delisted_token_can_go(indebted, list_token, delist, weth, owner):
    token = list_token("X")
    put(indebted, token, 10**18, owner)
    delist(token)

    indebted.disable_collateral(token, sender=owner)

    assert indebted.collaterals() == [weth.address]


def test_refuses_a_token_that_is_not_enabled(vault, weth, wbtc, owner):
    put(vault, weth, WETH, owner)

    with ape.reverts("vault: token not enabled"):
        vault.disable_collateral(wbtc, sender=owner)


def test_refuses_a_token_that_was_never_listed(project, deployer, vault, owner):
    stray = deployer.deploy(project.MockToken, "Stray", "STRAY", 18)

    with ape.reverts("vault: token not enabled"):
        vault.disable_collateral(stray, sender=owner)


def test_a_pause_stops_it_in_debt_only(with_spare, wbtc, pool, owner, guardian):
    pool.pause(2, DAY, sender=guardian)

    with ape.reverts("vault: paused"):
        with_spare.disable_collateral(wbtc, sender=owner)


def test_a_pause_stops_nothing_without_debt(vault, weth, pool, owner, guardian):
    put(vault, weth, WETH, owner)
    pool.pause(2, DAY, sender=guardian)

    vault.disable_collateral(weth, sender=owner)

    assert vault.collateral_mask() == 0


def test_refuses_everybody_else(vault, weth, owner, house, risk_admin, officer, outsider):
    put(vault, weth, WETH, owner)

    for stranger in (house, risk_admin, officer, outsider):
        with ape.reverts("vault: not the owner"):
            vault.disable_collateral(weth, sender=stranger)
