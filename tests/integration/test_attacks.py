"""Who could take what, tried."""

import ape
import pytest

from ringfence.testing import standing
from tests.steps import DAY, MAX, USDC, WAD, WETH, event, events, give, lend, put

pytestmark = pytest.mark.short

REVERTS = 4  # MockToken: transfers stopped
HIDES_BALANCES = 8
LIES = 32


@pytest.fixture
def actor(project, outsider):
    """A contract that acts for the attacker, also when it is called back."""
    return outsider.deploy(project.MockActor)


def call(contract, method, *args):
    """An action of the actor: target and calldata."""
    return contract, getattr(contract, method).encode_input(*args)


def outcomes(receipt, actor):
    return [log.success for log in events(receipt, actor.Acted)]


# -- The callback of a liquidation -----------------------------------------------------------------


@pytest.fixture
def short(indebted, actor, usdc, outsider, set_price):
    """The indebted vault, a little short, and an actor who may liquidate it."""
    set_price("WETH", 115)
    usdc.mint(actor, 1_000_000 * USDC, sender=outsider)
    actor.run([call(usdc, "approve", indebted, MAX)], sender=outsider)
    return indebted


def test_callback_cannot_reenter_the_vault(short, actor, outsider, weth, usdc):
    reentries = [
        call(short, "liquidate", weth, MAX, 0, actor, MAX, b""),
        call(short, "realise_loss"),
        call(short, "repay", MAX),
        call(short, "deposit", weth, 1),
        call(short, "accept_ownership"),
    ]
    actor.set_reactions(reentries, sender=outsider)

    receipt = actor.run([call(short, "liquidate", weth, MAX, 0, actor, MAX, b"x")], sender=outsider)

    assert outcomes(receipt, actor) == [False] * len(reentries) + [True]


def test_callback_finds_consistent_books(short, actor, outsider, pool, usdc, weth, engine):
    """In the callback the vault shows its whole debt, and the pool takes and gives at one price."""
    debt, worth = short.debt(), pool.convertToAssets(10**18)
    actor.run([call(usdc, "approve", pool, MAX)], sender=outsider)
    actor.set_reactions(
        [
            call(short, "debt"),
            call(short, "collaterals"),
            call(pool, "deposit", 1_000 * USDC, actor),
            call(pool, "withdraw", 900 * USDC, actor, actor),
            call(pool, "convertToAssets", 10**18),
            call(pool, "cash"),
        ],
        sender=outsider,
    )
    cash = pool.cash()

    receipt = actor.run([call(short, "liquidate", weth, MAX, 0, actor, MAX, b"x")], sender=outsider)

    logs = events(receipt, actor.Acted)
    assert all(log.success for log in logs)
    numbers = [int.from_bytes(log.response[:32], "big") for log in logs]
    assert debt <= numbers[0] <= debt + 5  # some seconds of interest
    assert worth <= numbers[4] <= worth + 5
    assert numbers[5] == cash + 100 * USDC
    assert usdc.balanceOf(pool) >= pool.cash()


def test_callback_without_paying_fails(short, actor, outsider, usdc, weth):
    usdc.rebase(actor, 0, sender=outsider)

    with ape.reverts("token: balance too low"):
        actor.run([call(short, "liquidate", weth, MAX, 0, actor, MAX, b"x")], sender=outsider)


def test_liquidator_needs_no_capital(short, actor, outsider, usdc, weth, engine, project):
    """The seized collateral is sold in the callback; here the buyer is a mint."""
    usdc.rebase(actor, 0, sender=outsider)
    repaid, insurance, seized, *_ = engine.quote_liquidation(short, weth, MAX)
    proceeds = seized * 115 * USDC // WETH
    actor.set_reactions(
        [call(weth, "transfer", outsider, seized), call(usdc, "mint", actor, proceeds)],
        sender=outsider,
    )

    actor.run([call(short, "liquidate", weth, MAX, seized, actor, MAX, b"x")], sender=outsider)

    profit = usdc.balanceOf(actor)
    assert abs(profit - (proceeds - repaid - insurance)) < 100  # some seconds of interest
    assert profit > 0


# -- Liquidating oneself ---------------------------------------------------------------------------


def test_liquidating_oneself_costs_others_no_more(
    indebted, chain, pool, owner, liquidator, usdc, weth, set_price
):
    set_price("WETH", 50)
    for who in (owner, liquidator):
        give(usdc, who, 100_000 * USDC, indebted)

    lost = []
    moment = chain.pending_timestamp + 60
    for who in (owner, liquidator):
        with chain.isolate():
            chain.pending_timestamp = moment
            receipt = indebted.liquidate(weth, MAX, 0, who, MAX, b"", sender=who)
            lost.append(event(receipt, pool.DebtWrittenOff).lost)

    assert lost[0] == lost[1] > 0


def test_enabling_more_tokens_does_not_dodge_a_liquidation(
    indebted, owner, liquidator, usdc, dai, wbtc, weth, set_price, engine
):
    """Empty tokens add nothing, and a held one helps the vault as collateral should."""
    give(usdc, liquidator, 100_000 * USDC, indebted)
    set_price("WETH", 115)
    before = engine.quote_liquidation(indebted, weth, MAX)
    for token in (dai, wbtc, usdc):
        indebted.enable_collateral(token, sender=owner)
    put(indebted, dai, 1, owner)

    after = engine.quote_liquidation(indebted, weth, MAX)

    assert all(abs(a - b) <= b // 10**6 for a, b in zip(after, before, strict=True))


def test_disabling_the_last_collateral_does_not_dodge_a_liquidation(indebted, owner, weth):
    with ape.reverts("vault: not enough margin"):
        indebted.disable_collateral(weth, sender=owner)


def test_stopping_short_leaves_a_vault_that_can_be_liquidated_again(
    indebted, liquidator, usdc, weth, set_price, wait
):
    wait(60)  # from here on a unit of debt burns no scaled debt
    set_price("WETH", 115)
    give(usdc, liquidator, 100_000 * USDC, indebted)

    with ape.reverts("pool: repays nothing"):
        indebted.liquidate(weth, 1, 0, liquidator, MAX, b"", sender=liquidator)
    for repay in (2, 10 * USDC, MAX):
        indebted.liquidate(weth, repay, 0, liquidator, MAX, b"", sender=liquidator)

    with ape.reverts("engine: vault is healthy"):
        indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)


def test_a_gift_of_dust_blocks_neither_liquidation_nor_write_off(
    indebted, owner, outsider, liquidator, usdc, weth, dai, set_price
):
    indebted.enable_collateral(dai, sender=owner)
    set_price("WETH", 50)
    give(usdc, liquidator, 100_000 * USDC, indebted)
    put(indebted, dai, 10**15, outsider)

    indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    assert indebted.debt() == 0
    assert dai.balanceOf(indebted) == 10**15


def test_a_gift_above_dust_is_seized_before_the_write_off(
    indebted, owner, outsider, liquidator, usdc, weth, dai, set_price
):
    indebted.enable_collateral(dai, sender=owner)
    set_price("WETH", 50)
    give(usdc, liquidator, 100_000 * USDC, indebted)
    put(indebted, dai, 11 * WAD, outsider)

    indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)
    with ape.reverts("engine: nothing to liquidate"):
        indebted.realise_loss(sender=liquidator)
    indebted.liquidate(dai, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    assert indebted.debt() == 0


# -- The pool --------------------------------------------------------------------------------------


def test_only_vaults_move_debt(pool, outsider, owner):
    with ape.reverts("pool: not a vault"):
        pool.borrow(USDC, outsider, 0, sender=outsider)
    with ape.reverts("pool: not a vault"):
        pool.repay(USDC, USDC, sender=owner)
    with ape.reverts("pool: not a vault"):
        pool.settle(0, 0, USDC, USDC, sender=outsider)


def test_a_copy_of_the_vault_code_is_no_vault(project, market, outsider, engine, pool):
    """Whoever deploys the same code gets a contract that the pool does not know."""
    fake = outsider.deploy(project.Vault, engine)

    assert market.factory.vault_id(fake) == 0
    assert fake.owner() == fake  # locked: it owns itself
    with ape.reverts("vault: not the factory"):
        fake.initialize(outsider, 1, sender=outsider)


def test_the_implementation_cannot_be_taken(market, outsider):
    with ape.reverts("vault: not the factory"):
        market.implementation.initialize(outsider, 1, sender=outsider)
    with ape.reverts("vault: not the owner"):
        market.implementation.borrow(USDC, outsider, sender=outsider)


def test_inflating_the_share_price_robs_nobody(market, pool, outsider, lender, usdc):
    """The first depositor donates; the second gets what it paid for, and the donor pays."""
    give(usdc, outsider, 20_000 * USDC, pool)
    pool.deposit(1, outsider, sender=outsider)
    usdc.transfer(pool, 10_000 * USDC, sender=outsider)

    lend(market, lender, 5_000 * USDC)

    assert pool.convertToAssets(pool.balanceOf(lender)) >= 5_000 * USDC - 1
    assert pool.convertToAssets(pool.balanceOf(outsider)) <= 1


def test_lenders_who_run_before_a_loss_leave_it_to_those_who_stay(
    indebted, market, pool, lender, outsider, liquidator, usdc, weth, set_price
):
    """A known limit, told in SECURITY.md: free cash can leave before a loss is booked."""
    lend(market, outsider, 1_000_000 * USDC)
    set_price("WETH", 50)
    give(usdc, liquidator, 100_000 * USDC, indebted)
    pool.redeem(pool.balanceOf(outsider), outsider, outsider, sender=outsider)

    receipt = indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    lost = event(receipt, pool.DebtWrittenOff).lost
    assert usdc.balanceOf(outsider) >= 1_000_000 * USDC - 1
    assert abs(pool.convertToAssets(pool.balanceOf(lender)) - (1_000_000 * USDC - lost)) < 100


# -- Labels ----------------------------------------------------------------------------------------


def test_opening_for_another_gives_it_to_the_other(market, owner, outsider):
    """Squatting on a label opens the vault of its owner, who has it for free."""
    squatted = market.open_vault(owner, "wanted", sender=outsider)

    assert squatted.owner() == owner
    with ape.reverts("factory: vault exists"):
        market.open_vault(owner, "wanted", sender=owner)


# -- Tokens that lie -------------------------------------------------------------------------------


@pytest.mark.parametrize("claimed", [0, 1, 2**128, MAX])
def test_a_token_that_lies_stops_nothing_but_itself(
    claimed, indebted, other_vault, neighbour, owner, usdc, weth, dai, engine
):
    put(indebted, dai, WAD, owner)
    put(other_vault, weth, WETH, neighbour)
    dai.set_claimed_balance(claimed, sender=owner)
    dai.set_quirks(LIES, sender=owner)
    give(usdc, owner, 100_000 * USDC, indebted)

    engine.margin_of(indebted)
    indebted.repay(MAX, sender=owner)
    indebted.withdraw(weth, MAX, owner, sender=owner)
    other_vault.withdraw(weth, MAX, neighbour, sender=neighbour)

    assert weth.balanceOf(owner) == 100 * WETH


def test_a_token_that_stops_cannot_shield_the_others(
    indebted, owner, liquidator, usdc, weth, dai, set_price
):
    put(indebted, dai, WAD, owner)
    dai.set_quirks(REVERTS + HIDES_BALANCES, sender=owner)
    set_price("WETH", 115)
    give(usdc, liquidator, 100_000 * USDC, indebted)

    indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    assert weth.balanceOf(liquidator) > 0


def test_a_token_callback_cannot_reenter(indebted, actor, owner, weth, usdc, outsider):
    """The actor is called in the middle of a withdrawal and tries everything."""
    weth.set_hook(actor, sender=owner)
    tries = [
        call(indebted, "withdraw", weth, 1, actor),
        call(indebted, "deposit", weth, 1),
        call(indebted, "repay", MAX),
        call(indebted, "liquidate", weth, MAX, 0, actor, MAX, b""),
    ]
    actor.set_reactions(tries, sender=outsider)
    indebted.transfer_ownership(actor, sender=owner)
    actor.run([call(indebted, "accept_ownership")], sender=outsider)

    receipt = actor.run([call(indebted, "withdraw", weth, WETH, actor)], sender=outsider)

    assert outcomes(receipt, actor) == [False] * len(tries) + [True]
    assert weth.balanceOf(actor) == WETH


# -- Officers --------------------------------------------------------------------------------------


def test_officers_take_nothing(
    market, indebted, other_vault, owner, weth, house, risk_admin, guardian, officer, treasury
):
    """Each officer tries every way out of a vault."""
    before = standing(market, indebted)
    for sender in (house, risk_admin, guardian, officer, treasury):
        for method, args in (
            ("withdraw", (weth, 1, sender)),
            ("borrow", (USDC, sender)),
            ("repay_from_vault", (1,)),
            ("disable_collateral", (weth,)),
            ("transfer_ownership", (sender,)),
        ):
            with ape.reverts("vault: not the owner"):
                getattr(indebted, method)(*args, sender=sender)

    assert standing(market, indebted) == before


def test_a_guardian_is_never_locked_out(pool, chain, guardian, risk_admin):
    pool.pause(2, 60, sender=guardian)
    pool.lower_pause(0, sender=risk_admin)

    pool.pause(1, 7 * DAY, sender=guardian)

    assert pool.pause_level() == 1
