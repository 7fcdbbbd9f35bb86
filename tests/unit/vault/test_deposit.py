import ape
import pytest

from tests.steps import MAX, USDC, WAD, WETH, event, events, give, put
from tests.unit.vault.conftest import (
    HIDES_BALANCES,
    RETURNS_FALSE,
    RETURNS_NOTHING,
    REVERTS,
)

# -- What arrives ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("symbol", "amount"), [("USDC", 7 * 10**6), ("WBTC", 1), ("WETH", 10**24)])
def test_moves_the_token_in(market, vault, owner, symbol, amount):
    token = market.tokens[symbol]

    put(vault, token, amount, owner)

    assert token.balanceOf(vault) == amount
    assert token.balanceOf(owner) == 0


def test_logs_what_arrived(vault, weth, owner):
    receipt = put(vault, weth, WETH, owner)

    assert event(receipt, vault.Deposited).event_arguments == {
        "token": weth.address,
        "payer": owner.address,
        "amount": WETH,
        "is_enabled": True,
    }


def test_takes_no_more_than_asked(vault, weth, owner):
    give(weth, owner, 3 * WETH, vault)

    vault.deposit(weth, WETH, sender=owner)

    assert weth.balanceOf(owner) == 2 * WETH


def test_is_open_to_anyone(vault, weth, outsider):
    put(vault, weth, WETH, outsider)

    assert weth.balanceOf(vault) == WETH


def test_never_spends_what_others_approved(vault, weth, owner, outsider):
    give(weth, owner, WETH, vault)

    with ape.reverts("token: allowance too low"):
        vault.deposit(weth, WETH, sender=outsider)


def test_refuses_nothing(vault, weth, owner):
    with ape.reverts("vault: zero amount"):
        vault.deposit(weth, 0, sender=owner)


def test_the_maximum_has_no_meaning_here(vault, weth, owner):
    give(weth, owner, WETH, vault)

    with ape.reverts("token: balance too low"):
        vault.deposit(weth, MAX, sender=owner)


def test_refuses_a_token_that_was_never_listed(project, deployer, vault, owner):
    stray = deployer.deploy(project.MockToken, "Stray", "STRAY", 18)
    give(stray, owner, WETH, vault)

    with ape.reverts("engine: token not listed"):
        vault.deposit(stray, WETH, sender=owner)


def test_refuses_a_delisted_token(vault, list_token, delist, owner):
    token = list_token("X")
    delist(token)
    give(token, owner, WETH, vault)

    with ape.reverts("engine: token delisted"):
        vault.deposit(token, WETH, sender=owner)


# -- Enabling --------------------------------------------------------------------------------------


def test_the_owners_deposit_enables(vault, weth, owner):
    receipt = put(vault, weth, WETH, owner)

    assert event(receipt, vault.CollateralEnabled).token == weth.address
    assert vault.collaterals() == [weth.address]


def test_so_does_one_after_disabling(vault, weth, owner):
    put(vault, weth, WETH, owner)
    vault.disable_collateral(weth, sender=owner)

    receipt = put(vault, weth, WETH, owner)

    assert event(receipt, vault.CollateralEnabled).token == weth.address
    assert vault.collaterals() == [weth.address]


def test_an_enabled_token_is_not_enabled_twice(vault, weth, owner):
    put(vault, weth, WETH, owner)

    receipt = put(vault, weth, WETH, owner)

    assert event(receipt, vault.Deposited).is_enabled
    assert not events(receipt, vault.CollateralEnabled)


def test_a_stranger_enables_nothing(vault, weth, outsider):
    receipt = put(vault, weth, WETH, outsider)

    assert not event(receipt, vault.Deposited).is_enabled
    assert not events(receipt, vault.CollateralEnabled)
    assert vault.collateral_mask() == 0


def test_a_strangers_deposit_before_is_no_obstacle(vault, weth, owner, outsider):
    put(vault, weth, 1, outsider)

    receipt = put(vault, weth, WETH, owner)

    assert event(receipt, vault.Deposited).is_enabled
    assert vault.collaterals() == [weth.address]


def test_nor_is_a_donation(vault, weth, owner, outsider):
    weth.mint(vault, 1, sender=outsider)

    receipt = put(vault, weth, WETH, owner)

    assert event(receipt, vault.Deposited).is_enabled
    assert event(receipt, vault.Deposited).amount == WETH


def test_a_strangers_deposit_of_enabled_collateral_counts(indebted, weth, outsider):
    receipt = put(indebted, weth, WETH, outsider)

    assert event(receipt, indebted.Deposited).is_enabled
    assert weth.balanceOf(indebted) == 101 * WETH


def test_an_enabled_token_that_ran_out_is_still_enabled(vault, weth, owner):
    vault.enable_collateral(weth, sender=owner)

    receipt = put(vault, weth, WETH, owner)

    assert event(receipt, vault.Deposited).is_enabled
    assert not events(receipt, vault.CollateralEnabled)


def test_a_dead_price_is_no_obstacle_but_enables_nothing(vault, weth, owner, kill_price):
    kill_price("WETH")

    receipt = put(vault, weth, WETH, owner)

    assert not event(receipt, vault.Deposited).is_enabled
    assert weth.balanceOf(vault) == WETH
    assert vault.collateral_mask() == 0


def test_the_next_owners_deposit_enables(vault, weth, owner, outsider):
    vault.transfer_ownership(outsider, sender=owner)
    vault.accept_ownership(sender=outsider)

    put(vault, weth, WETH, outsider)

    assert vault.collaterals() == [weth.address]


def test_bits_are_each_tokens_own(vault, engine, weth, wbtc, dai, owner):
    for token in (weth, wbtc, dai):
        put(vault, token, 1, owner)

    expected = engine.bit_of(weth) | engine.bit_of(wbtc) | engine.bit_of(dai)
    assert vault.collateral_mask() == expected


def test_a_seventeenth_token_is_taken_but_not_enabled(vault, list_token, owner):
    tokens = [list_token(f"T{number}") for number in range(17)]
    receipts = [put(vault, token, 1, owner) for token in tokens]

    enabled = [event(receipt, vault.Deposited).is_enabled for receipt in receipts]
    assert enabled == 16 * [True] + [False]
    assert vault.collaterals() == [token.address for token in tokens[:16]]
    assert tokens[16].balanceOf(vault) == 1


# -- Tokens that misbehave -------------------------------------------------------------------------


def test_credits_what_arrived_of_a_token_with_a_fee(vault, weth, owner, outsider):
    weth.set_fee(WAD // 50, sender=outsider)

    receipt = put(vault, weth, WETH, owner)

    # 2 % of a whole token are burned.
    assert event(receipt, vault.Deposited).amount == 98 * 10**16 == weth.balanceOf(vault)


def test_refuses_a_token_of_which_nothing_arrives(vault, weth, owner, outsider):
    weth.set_fee(WAD, sender=outsider)
    give(weth, owner, WETH, vault)

    with ape.reverts("vault: nothing arrived"):
        vault.deposit(weth, WETH, sender=owner)


def test_refuses_a_token_that_claims_the_same_balance_always(vault, weth, owner, outsider):
    weth.set_quirks(32, sender=outsider)
    weth.set_claimed_balance(10**30, sender=outsider)
    give(weth, owner, WETH, vault)

    with ape.reverts("vault: nothing arrived"):
        vault.deposit(weth, WETH, sender=owner)


def test_takes_a_token_that_returns_nothing(vault, weth, owner, outsider):
    weth.set_quirks(RETURNS_NOTHING, sender=outsider)

    put(vault, weth, WETH, owner)

    assert weth.balanceOf(vault) == WETH


@pytest.mark.parametrize(
    ("quirk", "reason"),
    [
        (RETURNS_FALSE, "vault: transfer failed"),
        (REVERTS, "token: transfers stopped"),
        (HIDES_BALANCES, "token: balances hidden"),
    ],
)
def test_refuses_a_token_that_fails(vault, weth, owner, outsider, quirk, reason):
    give(weth, owner, WETH, vault)
    weth.set_quirks(quirk, sender=outsider)

    with ape.reverts(reason):
        vault.deposit(weth, WETH, sender=owner)


def test_refuses_a_payer_whom_the_token_blocks(vault, weth, owner, outsider):
    give(weth, owner, WETH, vault)
    weth.set_blocked(owner, True, sender=outsider)

    with ape.reverts("token: blocked"):
        vault.deposit(weth, WETH, sender=owner)


def test_a_rebase_is_the_vaults(vault, weth, owner, outsider):
    put(vault, weth, WETH, owner)

    weth.rebase(vault, 3 * WETH, sender=outsider)

    vault.withdraw(weth, MAX, owner, sender=owner)
    assert weth.balanceOf(owner) == 3 * WETH


# -- Always open -----------------------------------------------------------------------------------


def test_neither_pause_nor_hold_matters(vault, usdc, pool, owner, guardian, officer, chain):
    pool.pause(2, 3_600, sender=guardian)
    vault.place_hold(b"\1" * 32, chain.pending_timestamp + 3_600, sender=officer)

    receipt = put(vault, usdc, USDC, owner)

    assert event(receipt, vault.Deposited).is_enabled
