import ape
import pytest

from ringfence.model.fixed_point import RAY, mul_div_up
from tests.steps import DAY, MAX, USDC, WBTC, WETH, ZERO, event, put
from tests.unit.vault.conftest import HIDES_BALANCES

pytestmark = pytest.mark.short


@pytest.fixture
def funded(lent, vault, owner, weth):
    """The vault of the owner with 100 WETH, worth 19,384, which carry 15,507.2."""
    put(vault, weth, 100 * WETH, owner)
    return vault


def test_sends_the_assets_to_the_receiver(funded, usdc, pool, owner, outsider):
    funded.borrow(10_000 * USDC, outsider, sender=owner)

    assert usdc.balanceOf(outsider) == 10_000 * USDC
    assert pool.cash() == 990_000 * USDC


def test_adds_scaled_debt(funded, owner, index_in):
    funded.borrow(10_000 * USDC, owner, sender=owner)
    receipt = funded.borrow(2_000 * USDC, owner, sender=owner)

    # The first debt of a pool is lent at an index of one.
    added = mul_div_up(2_000 * USDC, RAY, index_in(receipt))
    assert funded.scaled_debt() == 10_000 * USDC + added


def test_logs_the_debt_after(funded, owner, outsider, index_in):
    funded.borrow(10_000 * USDC, owner, sender=owner)

    receipt = funded.borrow(2_000 * USDC, outsider, sender=owner)

    assert event(receipt, funded.Borrowed).event_arguments == {
        "receiver": outsider.address,
        "assets": 2_000 * USDC,
        "debt": mul_div_up(funded.scaled_debt(), index_in(receipt), RAY),
    }


def test_leaves_the_mask_alone(funded, weth, owner):
    funded.borrow(10_000 * USDC, owner, sender=owner)

    assert funded.collaterals() == [weth.address]


def test_lends_up_to_the_available_funds(funded, owner):
    funded.borrow(15_507_200_000, owner, sender=owner)

    assert funded.scaled_debt() == 15_507_200_000


def test_lends_no_more_than_the_available_funds(funded, owner):
    with ape.reverts("vault: not enough margin"):
        funded.borrow(15_507_200_001, owner, sender=owner)


def test_the_receiver_may_be_the_vault(funded, usdc, weth, owner):
    funded.borrow(10_000 * USDC, funded, sender=owner)

    assert usdc.balanceOf(funded) == 10_000 * USDC
    assert funded.collaterals() == [weth.address]  # borrowed money is no collateral by itself


def test_borrowed_money_counts_when_it_is_enabled(funded, usdc, owner):
    funded.enable_collateral(usdc, sender=owner)

    # 15,507.2 + 0.9 x >= x up to x = 155,072.
    funded.borrow(155_000 * USDC, funded, sender=owner)

    assert funded.scaled_debt() == 155_000 * USDC


def test_a_donation_counts_when_it_is_enabled(funded, weth, owner, outsider):
    weth.mint(funded, 100 * WETH, sender=outsider)

    funded.borrow(31_000 * USDC, owner, sender=owner)

    assert funded.scaled_debt() == 31_000 * USDC


def test_what_is_not_enabled_does_not_count(funded, wbtc, owner, outsider):
    put(funded, wbtc, WBTC, outsider)

    with ape.reverts("vault: not enough margin"):
        funded.borrow(16_000 * USDC, owner, sender=owner)


def test_what_is_above_the_tokens_cap_does_not_count(lent, vault, engine, wbtc, owner, risk_admin):
    put(vault, wbtc, 2 * WBTC, owner)
    engine.set_token_cap(wbtc, WBTC, sender=risk_admin)

    # 7,935 * 0.75 = 5,951.25.
    with ape.reverts("vault: not enough margin"):
        vault.borrow(5_951_250_001, owner, sender=owner)
    vault.borrow(5_951_250_000, owner, sender=owner)

    assert vault.scaled_debt() == 5_951_250_000


def test_refuses_a_vault_without_collateral(lent, vault, owner):
    with ape.reverts("vault: not enough margin"):
        vault.borrow(1_000 * USDC, owner, sender=owner)


def test_refuses_while_a_price_is_dead(funded, wbtc, owner, kill_price):
    put(funded, wbtc, 1, owner)
    kill_price("WBTC")

    with ape.reverts("engine: dead price"):
        funded.borrow(1_000 * USDC, owner, sender=owner)


def test_a_dead_price_of_an_absent_token_does_not_matter(funded, wbtc, owner, kill_price):
    funded.enable_collateral(wbtc, sender=owner)
    kill_price("WBTC")

    funded.borrow(1_000 * USDC, owner, sender=owner)

    assert funded.scaled_debt() == 1_000 * USDC


def test_refuses_while_a_token_hides_its_balances(funded, wbtc, owner):
    put(funded, wbtc, 1, owner)
    wbtc.set_quirks(HIDES_BALANCES, sender=owner)

    with ape.reverts("engine: dead price"):
        funded.borrow(1_000 * USDC, owner, sender=owner)


def test_refuses_nothing(funded, owner):
    with ape.reverts("pool: zero assets"):
        funded.borrow(0, owner, sender=owner)


def test_the_maximum_has_no_meaning_here(funded, owner):
    with ape.reverts("pool: insufficient cash"):
        funded.borrow(MAX, owner, sender=owner)


def test_refuses_nobody_as_receiver(funded, owner):
    with ape.reverts("vault: zero receiver"):
        funded.borrow(1_000 * USDC, ZERO, sender=owner)


def test_refuses_a_debt_outside_the_limits(funded, owner):
    with ape.reverts("pool: debt below the smallest"):
        funded.borrow(1_000 * USDC - 1, owner, sender=owner)


def test_refuses_at_any_pause_level(funded, pool, owner, guardian):
    pool.pause(1, DAY, sender=guardian)

    with ape.reverts("pool: paused"):
        funded.borrow(1_000 * USDC, owner, sender=owner)


def test_refuses_while_on_hold(funded, owner, officer, chain):
    funded.place_hold(b"\1" * 32, chain.pending_timestamp + DAY, sender=officer)

    with ape.reverts("vault: on hold"):
        funded.borrow(1_000 * USDC, owner, sender=owner)


def test_refuses_everybody_else(funded, house, risk_admin, guardian, officer, outsider):
    for stranger in (house, risk_admin, guardian, officer, outsider):
        with ape.reverts("vault: not the owner"):
            funded.borrow(1_000 * USDC, stranger, sender=stranger)


def test_changes_no_other_vault(funded, other_vault, weth, owner, neighbour):
    put(other_vault, weth, 100 * WETH, neighbour)
    other_vault.borrow(5_000 * USDC, neighbour, sender=neighbour)
    before = other_vault.scaled_debt(), other_vault.collateral_mask()

    funded.borrow(10_000 * USDC, owner, sender=owner)

    assert (other_vault.scaled_debt(), other_vault.collateral_mask()) == before


def test_the_implementation_borrows_nothing(lent, market, owner):
    with ape.reverts("vault: not the owner"):
        market.implementation.borrow(1_000 * USDC, owner, sender=owner)
