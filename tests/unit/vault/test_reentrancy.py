"""While a vault works, nobody enters it: not from a token it moves, not from a liquidator."""

import pytest

from tests.steps import CLIENT, DAY, MAX, USDC, WETH, event, give

ENTRANCES = (
    "deposit",
    "enable_collateral",
    "disable_collateral",
    "withdraw",
    "borrow",
    "repay",
    "repay_from_vault",
    "liquidate",
    "realise_loss",
    "transfer_ownership",
    "accept_ownership",
    "place_hold",
    "release_hold",
    "initialize",
)
OPEN = (
    "debt",
    "scaled_debt",
    "collaterals",
    "collateral_mask",
    "owner",
    "pending_owner",
    "fund_class",
    "hold_until",
    "FACTORY",
    "ENGINE",
    "POOL",
    "ASSET",
)


@pytest.fixture
def stage(
    lent, market, actor, actors_vault, as_actor, weth, usdc, factory, house, outsider, liquidator
):
    """The actor is owner and officer of a vault with 100 WETH and 5,000 USDC, in debt, and offered
    to himself; he has money and approved the vault, so that nothing but the lock stops him.
    """
    weth.mint(actor, 200 * WETH, sender=outsider)
    usdc.mint(actor, 100_000 * USDC, sender=outsider)
    factory.set_compliance_officer(actor, sender=house)
    as_actor(
        (weth.approve, actors_vault, MAX),
        (usdc.approve, actors_vault, MAX),
        (actors_vault.deposit, weth, 100 * WETH),
        (actors_vault.borrow, 10_000 * USDC, actor),
        (usdc.transfer, actors_vault, 5_000 * USDC),
        (actors_vault.transfer_ownership, actor),
    )
    give(usdc, liquidator, 100_000 * USDC, actors_vault)
    return actors_vault


@pytest.fixture
def calls(chain, stage, actor, weth, wbtc, usdc):
    """A call of each function that would do something if the vault let it in."""
    arguments = {
        "deposit": (weth, WETH),
        "enable_collateral": (wbtc,),
        "disable_collateral": (weth,),
        "withdraw": (weth, 1, actor),
        "borrow": (USDC, actor),
        "repay": (1_000 * USDC,),
        "repay_from_vault": (1_000 * USDC,),
        "liquidate": (weth, MAX, 0, actor, MAX, b""),
        "realise_loss": (),
        "transfer_ownership": (actor,),
        "accept_ownership": (),
        "place_hold": (b"\1" * 32, chain.pending_timestamp + DAY),
        "release_hold": (),
        "initialize": (actor, CLIENT),
    }
    return {name: (getattr(stage, name), *given) for name, given in arguments.items()}


def refused(logs):
    """The first reaction was refused without a reason: by the lock, before any check."""
    return logs[0] == (False, b"")


def test_the_list_is_complete(stage):
    mutable = {abi.name for abi in stage.contract_type.mutable_methods}

    assert mutable == set(ENTRANCES)


@pytest.mark.parametrize("name", ENTRANCES)
def test_not_from_a_token_that_comes_in(
    stage, calls, actor, as_actor, react, reactions, weth, outsider, name
):
    weth.set_hook(actor, sender=outsider)
    react(calls[name])

    receipt = as_actor((stage.deposit, weth, WETH))

    assert refused(reactions(receipt))
    assert weth.balanceOf(stage) == 101 * WETH


@pytest.mark.parametrize("name", ENTRANCES)
def test_not_from_a_token_that_goes_out(
    stage, calls, actor, as_actor, react, reactions, weth, outsider, name
):
    weth.set_hook(actor, sender=outsider)
    react(calls[name])

    receipt = as_actor((stage.withdraw, weth, WETH, actor))

    assert refused(reactions(receipt))
    assert weth.balanceOf(stage) == 99 * WETH


@pytest.mark.parametrize("name", ENTRANCES)
def test_not_from_a_transfer_that_is_only_tried(
    stage, calls, actor, as_actor, react, reactions, usdc, set_price, outsider, name
):
    as_actor((stage.enable_collateral, usdc))
    set_price("WETH", 50)
    usdc.set_hook(actor, sender=outsider)
    react(calls[name])

    receipt = as_actor((stage.liquidate, usdc, MAX, 0, actor, MAX, b""))

    assert refused(reactions(receipt))
    assert event(receipt, stage.Liquidated).own_repaid == 5_000 * USDC


@pytest.mark.parametrize("name", ENTRANCES)
def test_not_from_the_callback_of_a_liquidation(
    stage, calls, actor, as_actor, react, reactions, weth, set_price, name
):
    set_price("WETH", 115)
    react(calls[name])

    receipt = as_actor((stage.liquidate, weth, MAX, 0, actor, MAX, b"go"))

    assert refused(reactions(receipt))
    assert event(receipt, stage.Liquidated).repaid > 0


@pytest.mark.parametrize("name", OPEN)
def test_reading_is_open_in_the_callback(
    stage, actor, as_actor, react, reactions, weth, set_price, name
):
    set_price("WETH", 115)
    react((getattr(stage, name),))

    receipt = as_actor((stage.liquidate, weth, MAX, 0, actor, MAX, b"go"))

    success, response = reactions(receipt)[0]
    assert success
    assert len(response) >= 32


@pytest.mark.parametrize(
    "name", ["deposit", "withdraw", "borrow", "repay", "transfer_ownership", "place_hold"]
)
def test_the_calls_succeed_from_outside(stage, calls, as_actor, reactions, name):
    receipt = as_actor(calls[name])

    assert [success for success, _ in reactions(receipt)] == [True]


def test_another_vault_may_be_used_meanwhile(
    stage, market, actor, as_actor, react, reactions, weth, outsider, set_price
):
    second = market.open_vault(actor, "second", sender=outsider)
    as_actor((weth.approve, second, MAX))
    set_price("WETH", 115)
    react((second.deposit, weth, WETH), (second.withdraw, weth, MAX, actor))

    receipt = as_actor((stage.liquidate, weth, MAX, 0, actor, MAX, b"go"))

    assert [success for success, _ in reactions(receipt)] == [True, True, True]
