import ape
import pytest

from tests.steps import DAY, MAX, USDC, WAD, WBTC, WETH, ZERO, event, events, put
from tests.unit.vault.conftest import (
    HIDES_BALANCES,
    LIES_ABOUT_BALANCES,
    RETURNS_FALSE,
    RETURNS_NOTHING,
    REVERTS,
)

# -- Without debt ----------------------------------------------------------------------------------


def test_sends_the_token_to_the_receiver(vault, weth, owner, outsider):
    put(vault, weth, 3 * WETH, owner)

    vault.withdraw(weth, WETH, outsider, sender=owner)

    assert weth.balanceOf(outsider) == WETH
    assert weth.balanceOf(vault) == 2 * WETH


def test_logs_what_went(vault, weth, owner, outsider):
    put(vault, weth, 3 * WETH, owner)

    receipt = vault.withdraw(weth, MAX, outsider, sender=owner)

    assert event(receipt, vault.Withdrawn).event_arguments == {
        "token": weth.address,
        "receiver": outsider.address,
        "amount": 3 * WETH,
    }


def test_the_maximum_means_all_of_it(vault, weth, owner, outsider):
    put(vault, weth, 3 * WETH, owner)
    weth.mint(vault, 5, sender=outsider)

    vault.withdraw(weth, MAX, owner, sender=owner)

    assert weth.balanceOf(owner) == 3 * WETH + 5
    assert weth.balanceOf(vault) == 0


def test_the_last_unit_takes_the_bit_with_it(vault, weth, wbtc, owner):
    put(vault, weth, WETH, owner)
    put(vault, wbtc, WBTC, owner)

    receipt = vault.withdraw(weth, WETH, owner, sender=owner)

    assert event(receipt, vault.CollateralDisabled).token == weth.address
    assert vault.collaterals() == [wbtc.address]


def test_the_last_but_one_leaves_the_bit(vault, weth, owner):
    put(vault, weth, WETH, owner)

    receipt = vault.withdraw(weth, WETH - 1, owner, sender=owner)

    assert not events(receipt, vault.CollateralDisabled)
    assert vault.collaterals() == [weth.address]


def test_gives_back_stray_tokens(project, deployer, vault, owner, outsider):
    stray = deployer.deploy(project.MockToken, "Stray", "STRAY", 18)
    stray.mint(vault, 9, sender=outsider)

    vault.withdraw(stray, MAX, owner, sender=owner)

    assert stray.balanceOf(owner) == 9


def test_gives_back_the_pools_shares(vault, lent, pool, owner, lender):
    pool.transfer(vault, 9, sender=lender)

    vault.withdraw(pool, MAX, owner, sender=owner)

    assert pool.balanceOf(owner) == 9


def test_gives_back_delisted_tokens(vault, list_token, delist, owner):
    token = list_token("X")
    put(vault, token, 9, owner)
    delist(token)

    vault.withdraw(token, MAX, owner, sender=owner)

    assert token.balanceOf(owner) == 9
    assert vault.collateral_mask() == 0


@pytest.mark.parametrize("symbol", ["USDC", "WBTC", "WETH"])
def test_needs_no_price(market, vault, owner, kill_price, symbol):
    token = market.tokens[symbol]
    put(vault, token, 9, owner)
    for dead in ("WETH", "WBTC", "DAI"):
        kill_price(dead)

    vault.withdraw(token, MAX, owner, sender=owner)

    assert token.balanceOf(owner) == 9


@pytest.mark.parametrize("is_enabled", [True, False])
def test_a_pause_does_not_stop_the_exit(vault, weth, pool, owner, outsider, guardian, is_enabled):
    put(vault, weth, WETH, owner if is_enabled else outsider)
    pool.pause(2, DAY, sender=guardian)

    vault.withdraw(weth, MAX, owner, sender=owner)

    assert weth.balanceOf(owner) == WETH


# -- In debt ---------------------------------------------------------------------------------------


def test_refuses_the_token_listed_first(vault, lent, usdc, owner):
    put(vault, usdc, 2_000 * USDC, owner)
    vault.borrow(1_500 * USDC, owner, sender=owner)

    with ape.reverts("vault: not enough margin"):
        vault.withdraw(usdc, MAX, owner, sender=owner)


def test_gives_what_margin_leaves(indebted, weth, owner):
    # 65 WETH at 193.84 and 80 % carry 10,079.68.
    indebted.withdraw(weth, 35 * WETH, owner, sender=owner)

    assert weth.balanceOf(owner) == 35 * WETH


def test_refuses_more_than_margin_leaves(indebted, weth, owner):
    # 64 WETH carry 9,924.61.
    with ape.reverts("vault: not enough margin"):
        indebted.withdraw(weth, 36 * WETH, owner, sender=owner)


def test_several_withdrawals_get_no_more_than_one(indebted, engine, weth, owner):
    indebted.withdraw(weth, 35 * WETH, owner, sender=owner)
    # 0.5 WETH carry 77.54 of the 79.68 that are left, 0.52 would carry 80.64.
    indebted.withdraw(weth, 5 * 10**17, owner, sender=owner)

    with ape.reverts("vault: not enough margin"):
        indebted.withdraw(weth, 2 * 10**16, owner, sender=owner)

    assert engine.margin_of(indebted).available_funds >= 0


def test_refuses_all_of_the_collateral(indebted, weth, owner):
    with ape.reverts("vault: not enough margin"):
        indebted.withdraw(weth, MAX, owner, sender=owner)


def test_what_is_not_enabled_needs_no_margin(indebted, wbtc, owner, outsider, set_price):
    put(indebted, wbtc, WBTC, outsider)
    set_price("WETH", 20)

    indebted.withdraw(wbtc, MAX, owner, sender=owner)

    assert wbtc.balanceOf(owner) == WBTC


def test_a_dead_price_of_collateral_stops_collateral(indebted, weth, wbtc, owner, kill_price):
    put(indebted, wbtc, WBTC, owner)
    kill_price("WBTC")

    with ape.reverts("engine: dead price"):
        indebted.withdraw(weth, 1, owner, sender=owner)


def test_all_of_a_dead_token_can_go_if_the_rest_carries_the_debt(
    indebted, weth, wbtc, owner, kill_price
):
    put(indebted, wbtc, WBTC, owner)
    kill_price("WBTC")

    indebted.withdraw(wbtc, MAX, owner, sender=owner)

    assert wbtc.balanceOf(owner) == WBTC
    assert indebted.collaterals() == [weth.address]


def test_a_dead_price_of_a_token_that_is_gone_does_not_matter(
    indebted, weth, wbtc, owner, kill_price
):
    indebted.enable_collateral(wbtc, sender=owner)
    kill_price("WBTC")

    indebted.withdraw(weth, WETH, owner, sender=owner)

    assert weth.balanceOf(owner) == WETH


@pytest.mark.parametrize("symbol", ["WETH", "DAI"])
def test_the_second_pause_level_stops_it(market, indebted, pool, owner, outsider, guardian, symbol):
    put(indebted, market.tokens[symbol], 10**18, outsider)
    pool.pause(2, DAY, sender=guardian)

    with ape.reverts("vault: paused"):
        indebted.withdraw(market.tokens[symbol], 1, owner, sender=owner)


def test_the_first_pause_level_does_not(indebted, weth, pool, owner, guardian):
    pool.pause(1, DAY, sender=guardian)

    indebted.withdraw(weth, WETH, owner, sender=owner)

    assert weth.balanceOf(owner) == WETH


# -- Refusals --------------------------------------------------------------------------------------


def test_refuses_nothing(vault, weth, owner):
    for amount in (0, MAX):
        with ape.reverts("vault: zero amount"):
            vault.withdraw(weth, amount, owner, sender=owner)


def test_refuses_more_than_there_is(vault, weth, owner):
    put(vault, weth, WETH, owner)

    for amount in (WETH + 1, MAX - 1):
        with ape.reverts("vault: balance too low"):
            vault.withdraw(weth, amount, owner, sender=owner)


def test_refuses_nobody_as_receiver(vault, weth, owner):
    put(vault, weth, WETH, owner)

    with ape.reverts("vault: zero receiver"):
        vault.withdraw(weth, WETH, ZERO, sender=owner)


def test_refuses_the_vault_as_receiver(vault, weth, owner):
    put(vault, weth, WETH, owner)

    with ape.reverts("vault: receiver is the vault"):
        vault.withdraw(weth, WETH, vault, sender=owner)


def test_refuses_while_on_hold(vault, weth, owner, officer, chain):
    put(vault, weth, WETH, owner)
    vault.place_hold(b"\1" * 32, chain.pending_timestamp + DAY, sender=officer)

    with ape.reverts("vault: on hold"):
        vault.withdraw(weth, WETH, owner, sender=owner)


def test_gives_again_after_the_hold(vault, weth, owner, officer, chain, wait):
    put(vault, weth, WETH, owner)
    vault.place_hold(b"\1" * 32, chain.pending_timestamp + DAY, sender=officer)
    wait(DAY + 60)

    vault.withdraw(weth, WETH, owner, sender=owner)

    assert weth.balanceOf(owner) == WETH


def test_refuses_everybody_else(vault, weth, owner, house, risk_admin, guardian, officer, outsider):
    put(vault, weth, WETH, owner)

    for stranger in (house, risk_admin, guardian, officer, outsider):
        with ape.reverts("vault: not the owner"):
            vault.withdraw(weth, WETH, stranger, sender=stranger)


def test_refuses_the_owner_of_another_vault(vault, other_vault, weth, owner, neighbour):
    put(vault, weth, WETH, owner)

    with ape.reverts("vault: not the owner"):
        vault.withdraw(weth, WETH, neighbour, sender=neighbour)
    with ape.reverts("vault: zero amount"):
        other_vault.withdraw(weth, MAX, neighbour, sender=neighbour)


# -- Tokens that misbehave -------------------------------------------------------------------------


def test_gives_a_token_that_returns_nothing(vault, weth, owner, outsider):
    put(vault, weth, WETH, owner)
    weth.set_quirks(RETURNS_NOTHING, sender=outsider)

    vault.withdraw(weth, MAX, owner, sender=owner)

    assert weth.balanceOf(owner) == WETH


@pytest.mark.parametrize(
    ("quirk", "reason"),
    [
        (RETURNS_FALSE, "vault: transfer failed"),
        (REVERTS, "token: transfers stopped"),
        (HIDES_BALANCES, "token: balances hidden"),
    ],
)
def test_reverts_with_a_token_that_fails(vault, weth, owner, outsider, quirk, reason):
    put(vault, weth, WETH, owner)
    weth.set_quirks(quirk, sender=outsider)

    with ape.reverts(reason):
        vault.withdraw(weth, WETH, owner, sender=owner)


@pytest.mark.parametrize("quirk", [REVERTS, HIDES_BALANCES])
def test_a_token_that_fails_does_not_keep_the_others(vault, weth, wbtc, owner, outsider, quirk):
    put(vault, weth, WETH, owner)
    put(vault, wbtc, WBTC, owner)
    weth.set_quirks(quirk, sender=outsider)

    vault.withdraw(wbtc, MAX, owner, sender=owner)

    assert wbtc.balanceOf(owner) == WBTC


def test_a_token_that_hides_balances_counts_nothing_and_is_dead(indebted, wbtc, weth, owner):
    put(indebted, wbtc, WBTC, owner)
    wbtc.set_quirks(HIDES_BALANCES, sender=owner)

    with ape.reverts("engine: dead price"):
        indebted.withdraw(weth, 1, owner, sender=owner)


def test_a_receiver_whom_the_token_blocks_is_another_receivers_turn(vault, weth, owner, outsider):
    put(vault, weth, WETH, owner)
    weth.set_blocked(owner, True, sender=outsider)

    with ape.reverts("token: blocked"):
        vault.withdraw(weth, MAX, owner, sender=owner)
    vault.withdraw(weth, MAX, outsider, sender=owner)

    assert weth.balanceOf(outsider) == WETH


def test_a_fee_is_the_receivers(vault, weth, owner, outsider):
    put(vault, weth, WETH, owner)
    weth.set_fee(WAD // 50, sender=outsider)

    receipt = vault.withdraw(weth, MAX, owner, sender=owner)

    assert event(receipt, vault.Withdrawn).amount == WETH
    assert weth.balanceOf(owner) == 98 * 10**16


def test_a_rebase_down_is_the_vaults(vault, weth, owner, outsider):
    put(vault, weth, WETH, owner)
    weth.rebase(vault, WETH // 2, sender=outsider)

    vault.withdraw(weth, MAX, owner, sender=owner)

    assert weth.balanceOf(owner) == WETH // 2


def test_a_rebase_to_nothing_leaves_the_bit_and_needs_no_price(
    indebted, weth, wbtc, owner, outsider, kill_price
):
    put(indebted, wbtc, WBTC, owner)
    wbtc.rebase(indebted, 0, sender=outsider)
    kill_price("WBTC")

    indebted.withdraw(weth, WETH, owner, sender=owner)

    assert indebted.collaterals() == [weth.address, wbtc.address]


def test_a_liar_gives_no_more_than_it_has(vault, weth, owner, outsider):
    put(vault, weth, WETH, owner)
    weth.set_claimed_balance(10**30, sender=outsider)
    weth.set_quirks(LIES_ABOUT_BALANCES, sender=outsider)

    with ape.reverts("token: balance too low"):
        vault.withdraw(weth, MAX, owner, sender=owner)
