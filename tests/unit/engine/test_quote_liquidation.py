"""The quote is what a liquidation in the same block does, to the unit."""

import ape
import pytest

from tests.steps import MAX, USDC, WAD, WBTC, WETH, ZERO, event, events, give, price, put

pytestmark = pytest.mark.short

DAI = 10**18
REVERTS = 1


@pytest.fixture
def liquidate(chain, engine, actor, usdc, outsider):
    """Quote and liquidate in one transaction of a contract; the quote and the receipt."""

    def act(vault, token, max_repay=MAX):
        usdc.rebase(actor, 1_000_000 * USDC, sender=outsider)
        terms = (token, max_repay, 0, outsider, MAX, b"")
        receipt = actor.run(
            [
                (usdc, usdc.approve.encode_input(vault, MAX)),
                (engine, engine.quote_liquidation.encode_input(vault, token, max_repay)),
                (vault, vault.liquidate.encode_input(*terms)),
            ],
            sender=outsider,
        )
        _, quoted, done = events(receipt, actor.Acted)
        ecosystem = chain.provider.network.ecosystem
        quote = ecosystem.decode_returndata(engine.quote_liquidation.abis[0], quoted.response)
        told = ecosystem.decode_returndata(vault.liquidate.abis[0], done.response)
        assert (quote[0], quote[2]) == tuple(told)
        return tuple(quote), receipt

    return act


@pytest.fixture
def did(pool, actor, usdc):
    """What a liquidation did, by the events of vault and pool and by the liquidator's balance."""

    def read(vault, receipt):
        log = event(receipt, vault.Liquidated)
        insured = sum(paid.assets for paid in events(receipt, pool.InsurancePaid))
        paid = 1_000_000 * USDC - usdc.balanceOf(actor)
        losses = events(receipt, pool.DebtWrittenOff)
        covered = sum(loss.covered_by_shares + loss.covered_by_cash for loss in losses)
        assert (log.insurance, log.repaid + log.insurance) == (insured, paid)
        return log.repaid, insured, log.seized, covered, sum(loss.lost for loss in losses)

    return read


@pytest.fixture
def insured(pool, usdc, fund, lender):
    """Let the insurance fund own shares and cash. [asset]"""

    def act(shares, cash):
        usdc.mint(fund, cash, sender=lender)
        if shares > 0:
            usdc.mint(lender, shares, sender=lender)
            pool.deposit(shares, fund, sender=lender)

    return act


# -- Normal mode -----------------------------------------------------------------------------------


@pytest.mark.parametrize("max_repay", [MAX, 5_000 * USDC, 1 * USDC])
@pytest.mark.parametrize("dollars", [117, 115, 106, 103])
def test_is_what_a_liquidation_does(liquidate, did, weth, indebted, set_price, dollars, max_repay):
    set_price("WETH", dollars)

    quote, receipt = liquidate(indebted, weth, max_repay)

    assert quote == did(indebted, receipt)
    assert quote[0] > 0
    assert quote[3:] == (0, 0)


def test_restores_the_target_health(engine, liquidate, indebted, weth, set_price):
    set_price("WETH", 110)

    liquidate(indebted, weth)

    assert 105 * WAD // 100 - 10**12 < engine.margin_of(indebted).health <= 105 * WAD // 100 + 10**9


def test_parts_never_lower_health(engine, liquidate, indebted, weth, set_price):
    set_price("WETH", 108)
    healths = [engine.margin_of(indebted).health]

    for _ in range(4):
        liquidate(indebted, weth, 300 * USDC)
        healths.append(engine.margin_of(indebted).health)

    assert healths == sorted(healths)
    assert healths[-1] < WAD


def test_counts_the_own_credit_asset(liquidate, did, indebted, weth, usdc, set_price, owner):
    put(indebted, usdc, 700 * USDC, owner)
    set_price("WETH", 108)

    quote, receipt = liquidate(indebted, weth)

    assert quote == did(indebted, receipt)
    assert event(receipt, indebted.Liquidated).own_repaid == 700 * USDC
    assert quote[0] > 0


def test_is_nothing_when_the_own_credit_asset_suffices(
    liquidate, did, indebted, weth, usdc, set_price, owner
):
    put(indebted, usdc, 700 * USDC, owner)
    set_price("WETH", 109.5)

    quote, receipt = liquidate(indebted, weth)

    assert quote == did(indebted, receipt) == (0, 0, 0, 0, 0)
    assert event(receipt, indebted.Liquidated).own_repaid == 700 * USDC


def test_does_not_know_that_the_credit_asset_blocks_the_vault(
    engine, indebted, weth, usdc, set_price, owner, liquidator
):
    """Told in SECURITY.md: the vault's own 700 stay, so the liquidator repays more."""
    put(indebted, usdc, 700 * USDC, owner)
    give(usdc, liquidator, 100_000 * USDC, indebted)
    set_price("WETH", 108)
    usdc.set_blocked(indebted, True, sender=owner)
    quoted = engine.quote_liquidation(indebted, weth, MAX)[0]

    receipt = indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    log = event(receipt, indebted.Liquidated)
    assert log.repaid > quoted
    assert log.own_repaid == 0
    assert usdc.balanceOf(indebted) == 700 * USDC
    assert indebted.collaterals() == [usdc, weth]


def test_takes_all_of_a_token(liquidate, did, indebted, weth, dai, set_price, owner):
    put(indebted, dai, 200 * DAI, owner)
    set_price("WETH", 108)

    quote, receipt = liquidate(indebted, dai)

    assert quote == did(indebted, receipt)
    assert quote[2] == 200 * DAI
    assert indebted.collaterals() == [weth]


def test_takes_another_token_while_one_is_dead(
    market, liquidate, did, indebted, weth, dai, set_price, owner, feed_keeper
):
    put(indebted, dai, 5_000 * DAI, owner)
    set_price("WETH", 0.5)

    quote, receipt = liquidate(indebted, dai)

    assert quote == did(indebted, receipt)
    assert quote[2] > 0
    assert weth.balanceOf(indebted) == 100 * WETH


# -- Deep mode and bad debt ------------------------------------------------------------------------


@pytest.fixture
def sunk(indebted, wbtc, owner, set_price):
    """A vault with WETH worth 6,000 and WBTC worth 2,000 against a debt of 10,000: all deep."""
    put(indebted, wbtc, WBTC // 4, owner)
    set_price("WETH", 60)
    set_price("WBTC", 8_000)
    return indebted


def test_pays_no_insurance_in_deep_mode(liquidate, did, sunk, weth, wbtc):
    quote, receipt = liquidate(sunk, weth)

    # 6,000 / 1.01 = 5,940.594059...
    assert quote == did(sunk, receipt) == (5_940_594_060, 0, 100 * WETH, 0, 0)
    assert sunk.collaterals() == [wbtc]


@pytest.mark.parametrize("max_repay", [MAX, 1_979 * USDC])
@pytest.mark.parametrize(
    ("shares", "cash"),
    [(0, 0), (5_000 * USDC, 0), (500 * USDC, 0), (500 * USDC, 300 * USDC), (0, 300 * USDC)],
)
def test_says_who_bears_the_loss(
    liquidate, did, sunk, weth, wbtc, insured, shares, cash, max_repay
):
    liquidate(sunk, weth)
    insured(shares, cash)

    quote, receipt = liquidate(sunk, wbtc, max_repay)

    lost = event(receipt, sunk.LossRealised).bad_debt
    done = did(sunk, receipt)
    assert quote[1:] == done[1:]
    assert quote[3] + quote[4] == lost
    assert (quote[4] == 0) == (shares > lost)
    assert sunk.debt() == 0


def test_says_who_bears_a_loss_without_repayment(
    liquidate, did, indebted, weth, insured, set_price, deployer
):
    insured(500 * USDC, 300 * USDC)
    weth.rebase(indebted, WETH // 20, sender=deployer)

    quote, receipt = liquidate(indebted, ZERO)

    assert quote == did(indebted, receipt)
    assert quote[:3] == (0, 0, 0)
    # Shares are worth a unit less than what was paid for them, at most.
    assert 799_999_999 <= quote[3] <= 800_000_000
    assert quote[4] >= 9_200 * USDC


# -- Small debts -----------------------------------------------------------------------------------


@pytest.fixture
def small(lent, vault, weth, owner, set_price):
    """A vault with a debt of 1,005, near the smallest, and WETH that no longer carries it."""
    put(vault, weth, 10 * WETH, owner)
    vault.borrow(1_005 * USDC, owner, sender=owner)
    set_price("WETH", 115)
    return vault


def test_closes_a_small_debt_in_full(liquidate, did, small, weth):
    quote, receipt = liquidate(small, weth)

    assert quote == did(small, receipt)
    assert small.debt() == 0


def test_leaves_the_smallest_debt(engine, liquidate, did, lent, vault, weth, owner, set_price):
    put(vault, weth, 20 * WETH, owner)
    vault.borrow(2_000 * USDC, owner, sender=owner)
    set_price("WETH", 112)

    quote, receipt = liquidate(vault, weth)

    assert quote == did(vault, receipt)
    assert 1_000 * USDC <= vault.debt() <= 1_000 * USDC + 10


def test_refuses_a_part_of_a_small_debt(engine, small, weth):
    with ape.reverts("engine: repay in full"):
        engine.quote_liquidation(small, weth, 1_000 * USDC)


# -- Refused ---------------------------------------------------------------------------------------


def test_refuses_a_healthy_vault(engine, indebted, weth):
    with ape.reverts("engine: vault is healthy"):
        engine.quote_liquidation(indebted, weth, MAX)


def test_refuses_what_is_no_vault(engine, outsider, weth):
    with ape.reverts("engine: not a vault"):
        engine.quote_liquidation(outsider, weth, MAX)


def test_refuses_a_dead_price_of_the_credit_asset(foreign_market, owner, lender, feed_keeper):
    market = foreign_market
    market.asset.mint(lender, 10_000 * USDC, sender=lender)
    market.asset.approve(market.pool, MAX, sender=lender)
    market.pool.deposit(10_000 * USDC, lender, sender=lender)
    vault = market.open_vault(owner, "vault", sender=owner)
    put(vault, market.tokens["WETH"], 100 * WETH, owner)
    vault.borrow(2_000 * USDC, owner, sender=owner)
    price(market, "WETH", 20, feed_keeper)
    market.feeds["USDC"].set_quirks(REVERTS, sender=feed_keeper)

    with ape.reverts("engine: dead credit price"):
        market.engine.quote_liquidation(vault, market.tokens["WETH"], MAX)
    with ape.reverts("engine: dead credit price"):
        vault.liquidate(market.tokens["WETH"], MAX, 0, owner, MAX, b"", sender=owner)


def test_values_the_debt_at_the_price_of_the_credit_asset(
    foreign_market, owner, lender, feed_keeper
):
    market = foreign_market
    market.asset.mint(lender, 100_000 * USDC, sender=lender)
    market.asset.approve(market.pool, MAX, sender=lender)
    market.pool.deposit(100_000 * USDC, lender, sender=lender)
    vault = market.open_vault(owner, "vault", sender=owner)
    put(vault, market.tokens["WETH"], 1_000 * WETH, owner)
    vault.borrow(80_000 * USDC, owner, sender=owner)
    price(market, "WETH", 100, feed_keeper)

    repaid, _, seized, _, _ = market.engine.quote_liquidation(
        vault, market.tokens["WETH"], 9_090_909_091
    )

    # Debt of 88,000 and a health of 0.9659...: 10,000 of debt buy 100 WETH and a bonus of 2.36 %.
    assert repaid == 9_090_909_091
    assert 102 * WETH < seized < 103 * WETH
