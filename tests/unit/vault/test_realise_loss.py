import ape
import pytest

from ringfence.model.fixed_point import RAY, mul_div_up
from tests.steps import DAY, USDC, WBTC, WETH, ZERO, event, events, give, put
from tests.unit.vault.conftest import (
    BURNS_GAS,
    DAI,
    HIDES_BALANCES,
    RETURNS_FALSE,
    RETURNS_NOTHING,
    REVERTS,
)


@pytest.fixture
def empty(indebted, weth, outsider):
    """The indebted vault after its collateral vanished."""
    weth.rebase(indebted, 0, sender=outsider)
    return indebted


@pytest.fixture
def delisted(empty, list_token, delist, owner):
    """A delisted token, of which the empty vault holds 7."""
    token = list_token("X")
    put(empty, token, 7, owner)
    delist(token)
    return token


# -- The loss --------------------------------------------------------------------------------------


def test_writes_off_the_whole_debt(empty, pool, outsider):
    empty.realise_loss(sender=outsider)

    assert (empty.debt(), empty.scaled_debt()) == (0, 0)
    assert pool.total_scaled_debt() == 0


def test_logs_the_loss(empty, outsider, index_in):
    receipt = empty.realise_loss(sender=outsider)

    debt = mul_div_up(10_000 * USDC, index_in(receipt), RAY)
    assert event(receipt, empty.LossRealised).event_arguments == {"bad_debt": debt}
    assert event(receipt, empty.Liquidated).event_arguments == {
        "liquidator": outsider.address,
        "token": ZERO,
        "receiver": ZERO,
        "repaid": 0,
        "insurance": 0,
        "seized": 0,
        "own_repaid": 0,
        "scaled_debt": 0,
    }


def test_dust_does_not_hinder_it_and_stays(empty, dai, owner, outsider):
    # Dust is what is worth at most 10.
    put(empty, dai, 10 * DAI, owner)

    empty.realise_loss(sender=outsider)

    assert empty.debt() == 0
    assert dai.balanceOf(empty) == 10 * DAI


def test_more_than_dust_hinders_it(empty, dai, owner, outsider):
    put(empty, dai, 10 * DAI + 10**10, owner)

    with ape.reverts("engine: nothing to liquidate"):
        empty.realise_loss(sender=outsider)


@pytest.mark.parametrize(("satoshis", "is_dust"), [(1_000, True), (1_001, False)])
def test_a_dead_token_counts_at_the_most_it_may_be_worth(
    empty, wbtc, owner, outsider, kill_price, satoshis, is_dust
):
    # 0.00001 WBTC are 0.001 at the lower bound of 100; at the upper, a million, they are 10: dust.
    put(empty, wbtc, satoshis, owner)
    kill_price("WBTC")

    if is_dust:
        empty.realise_loss(sender=outsider)
    else:
        with ape.reverts("engine: nothing to liquidate"):
            empty.realise_loss(sender=outsider)

    assert (empty.debt() == 0) == is_dust


@pytest.mark.parametrize(
    ("dollars", "reason"),
    [
        (0, "engine: vault is healthy"),  # no answer: counts at the upper bound
        (-1, "engine: vault is healthy"),
        (0.5, "engine: nothing to liquidate"),  # counts at the lower bound, but may be worth more
    ],
)
def test_an_absurd_answer_writes_nothing_off(
    lent, vault, weth, owner, outsider, set_price, dollars, reason
):
    put(vault, weth, 9 * WETH, owner)
    vault.borrow(1_390 * USDC, owner, sender=owner)
    set_price("WETH", dollars)

    with ape.reverts(reason):
        vault.realise_loss(sender=outsider)

    set_price("WETH", 193.84)
    assert vault.debt() >= 1_390 * USDC


def test_so_does_a_token_that_hides_its_balances_until_it_is_delisted(
    empty, list_token, delist, owner, outsider
):
    token = list_token("X")
    put(empty, token, 7, owner)
    token.set_quirks(HIDES_BALANCES, sender=outsider)

    with ape.reverts("engine: nothing to liquidate"):
        empty.realise_loss(sender=outsider)
    delist(token)
    empty.realise_loss(sender=outsider)

    assert empty.debt() == 0


def test_own_money_pays_first(empty, usdc, owner, outsider, index_in):
    put(empty, usdc, 4_000 * USDC, owner)

    receipt = empty.realise_loss(sender=outsider)

    debt = mul_div_up(10_000 * USDC, index_in(receipt), RAY)
    assert event(receipt, empty.Liquidated).own_repaid == 4_000 * USDC
    assert event(receipt, empty.LossRealised).bad_debt == debt - 4_000 * USDC
    assert usdc.balanceOf(empty) == 0


def test_own_money_that_cannot_move_is_not_lost(
    lent, vault, usdc, weth, owner, outsider, pool, set_price
):
    # 10,000 * 0.93 + 5 * 0.85 < 9,700 while the credit asset stands still.
    put(vault, usdc, 10_000 * USDC, owner)
    put(vault, weth, 5 * WETH, owner)
    vault.borrow(9_700 * USDC, owner, sender=owner)
    set_price("WETH", 1)
    usdc.set_quirks(REVERTS, sender=outsider)

    with ape.reverts("engine: nothing to liquidate"):
        vault.realise_loss(sender=owner)

    usdc.set_quirks(0, sender=outsider)
    vault.liquidate(ZERO, 0, 0, outsider, 2**256 - 1, b"", sender=outsider)
    assert (vault.debt(), pool.lender_losses()) == (0, 0)


def test_own_money_that_pays_all_is_no_loss(empty, usdc, owner, outsider):
    # 0.93 * 10,500 < 10,000: short, and yet nothing is lost.
    put(empty, usdc, 10_500 * USDC, owner)

    with ape.reverts("vault: no loss to realise"):
        empty.realise_loss(sender=outsider)


def test_own_money_that_is_all_there_is_pays_and_the_rest_is_lost(
    empty, usdc, owner, outsider, pool
):
    put(empty, usdc, 9_900 * USDC, owner)

    receipt = empty.realise_loss(sender=outsider)

    assert event(receipt, empty.LossRealised).bad_debt < 101 * USDC
    assert pool.cash() == 999_900 * USDC


def test_works_at_any_pause_level_and_on_hold(empty, pool, guardian, officer, outsider, chain):
    pool.pause(2, DAY, sender=guardian)
    empty.place_hold(b"\1" * 32, chain.pending_timestamp + DAY, sender=officer)

    empty.realise_loss(sender=outsider)

    assert empty.debt() == 0


def test_is_the_loss_of_no_other_vault(empty, other_vault, wbtc, neighbour, outsider):
    put(other_vault, wbtc, WBTC, neighbour)
    other_vault.borrow(2_000 * USDC, neighbour, sender=neighbour)
    before = other_vault.scaled_debt(), other_vault.collateral_mask(), wbtc.balanceOf(other_vault)

    empty.realise_loss(sender=outsider)

    after = other_vault.scaled_debt(), other_vault.collateral_mask(), wbtc.balanceOf(other_vault)
    assert after == before


# -- Delisted collateral ---------------------------------------------------------------------------


def test_delisted_collateral_goes_to_the_insurance_fund(empty, delisted, fund, outsider):
    receipt = empty.realise_loss(sender=outsider)

    assert delisted.balanceOf(fund) == 7
    assert event(receipt, empty.DelistedSurrendered).event_arguments == {
        "token": delisted.address,
        "amount": 7,
        "is_sent": True,
    }


def test_surrendered_collateral_is_no_longer_enabled(empty, delisted, outsider):
    receipt = empty.realise_loss(sender=outsider)

    assert delisted.address in [log.token for log in events(receipt, empty.CollateralDisabled)]
    assert delisted.address not in empty.collaterals()


def test_so_does_what_a_liquidation_leaves(
    indebted, weth, list_token, delist, owner, fund, usdc, liquidator, set_price, liquidate
):
    token = list_token("X")
    put(indebted, token, 7, owner)
    delist(token)
    set_price("WETH", 50)
    give(usdc, liquidator, 100_000 * USDC, indebted)

    liquidate(indebted, weth)

    assert token.balanceOf(fund) == 7


def test_no_more_goes_than_makes_the_loss_good(
    empty, list_token, delist, owner, fund, outsider, index_in
):
    token = list_token("X")
    put(empty, token, 20_000 * 10**18, owner)
    delist(token)

    receipt = empty.realise_loss(sender=outsider)

    # A delisted token goes at its last price: one dollar.
    debt = mul_div_up(10_000 * USDC, index_in(receipt), RAY)
    assert token.balanceOf(fund) == debt * 10**12
    assert token.balanceOf(empty) == 20_000 * 10**18 - debt * 10**12


def test_it_stays_while_nothing_is_lost(
    short, weth, list_token, delist, owner, set_price, liquidate
):
    token = list_token("X")
    put(short, token, 7, owner)
    delist(token)
    set_price("WETH", 115)

    receipt = liquidate(short, weth)

    assert not events(receipt, short.DelistedSurrendered)
    assert token.balanceOf(short) == 7


def test_delisted_collateral_that_is_not_enabled_stays(empty, list_token, delist, fund, outsider):
    token = list_token("X")
    put(empty, token, 7, outsider)
    delist(token)

    empty.realise_loss(sender=outsider)

    assert token.balanceOf(empty) == 7


@pytest.mark.parametrize("quirk", [REVERTS, RETURNS_FALSE])
def test_a_delisted_token_that_refuses_is_left(empty, delisted, outsider, quirk):
    delisted.set_quirks(quirk, sender=outsider)

    receipt = empty.realise_loss(sender=outsider)

    log = event(receipt, empty.DelistedSurrendered)
    assert (log.amount, log.is_sent) == (7, False)
    assert delisted.balanceOf(empty) == 7
    assert empty.debt() == 0


def test_a_delisted_token_that_blocks_the_fund_is_left(empty, delisted, fund, outsider):
    delisted.set_blocked(fund, True, sender=outsider)

    receipt = empty.realise_loss(sender=outsider)

    assert not event(receipt, empty.DelistedSurrendered).is_sent
    assert empty.debt() == 0


@pytest.mark.parametrize("quirk", [HIDES_BALANCES, BURNS_GAS])
def test_a_delisted_token_that_does_not_tell_is_skipped(empty, delisted, outsider, quirk):
    delisted.set_quirks(quirk, sender=outsider)

    receipt = empty.realise_loss(sender=outsider)

    assert not events(receipt, empty.DelistedSurrendered)
    assert empty.debt() == 0


def test_a_delisted_token_that_returns_nothing_is_sent(empty, delisted, fund, outsider):
    delisted.set_quirks(RETURNS_NOTHING, sender=outsider)

    receipt = empty.realise_loss(sender=outsider)

    assert event(receipt, empty.DelistedSurrendered).is_sent
    assert delisted.balanceOf(fund) == 7


def test_a_delisted_token_that_lies_is_left(empty, delisted, outsider):
    delisted.set_claimed_balance(8, sender=outsider)
    delisted.set_quirks(32, sender=outsider)

    receipt = empty.realise_loss(sender=outsider)

    log = event(receipt, empty.DelistedSurrendered)
    assert (log.amount, log.is_sent) == (8, False)


def test_one_that_refuses_does_not_keep_the_next(empty, list_token, delist, owner, fund, outsider):
    first, second = list_token("X"), list_token("Y")
    for token in (first, second):
        put(empty, token, 7, owner)
    for token in (first, second):
        delist(token)
    first.set_quirks(REVERTS, sender=outsider)

    receipt = empty.realise_loss(sender=outsider)

    assert [log.is_sent for log in events(receipt, empty.DelistedSurrendered)] == [False, True]
    assert second.balanceOf(fund) == 7


# -- Refusals --------------------------------------------------------------------------------------


def test_refuses_without_debt(vault, outsider):
    with ape.reverts("vault: no debt"):
        vault.realise_loss(sender=outsider)


def test_refuses_a_healthy_vault(indebted, outsider):
    with ape.reverts("engine: vault is healthy"):
        indebted.realise_loss(sender=outsider)


def test_refuses_while_there_is_something_to_seize(indebted, outsider, set_price):
    set_price("WETH", 115)

    with ape.reverts("engine: nothing to liquidate"):
        indebted.realise_loss(sender=outsider)


def test_refuses_a_second_time(empty, outsider):
    empty.realise_loss(sender=outsider)

    with ape.reverts("vault: no debt"):
        empty.realise_loss(sender=outsider)


def test_the_vault_lives_on(empty, weth, owner, outsider):
    empty.realise_loss(sender=outsider)

    put(empty, weth, WETH, owner)
    empty.withdraw(weth, WETH, owner, sender=owner)

    assert weth.balanceOf(owner) == WETH
