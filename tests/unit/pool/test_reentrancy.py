"""An asset that calls back finds the pool locked, for writing and for reading."""

import pytest

from tests.steps import USDC, events, give

CALLS = [
    ("deposit", 1, "outsider"),
    ("withdraw", 1, "outsider", "outsider"),
    ("borrow", 1_000 * USDC, "outsider", 0),
    ("repay", 0, 0),
    ("settle", 0, 0, 0, 0),
    ("transfer", "outsider", 0),
    ("accrue",),
    ("collect",),
    ("totalAssets",),
    ("convertToAssets", 1),
    ("maxWithdraw", "outsider"),
    ("debt_of", 1),
    ("cash",),
    ("quote_settlement", 0, 0, 0, 0),
]


@pytest.fixture
def hooked(asset, actor, pool, lent, lender, outsider):
    """After each transfer of the asset, the actor makes these calls of the pool."""
    give(asset, lender, 10 * USDC, pool)

    def act(calls):
        names = {"outsider": outsider}
        actions = [
            (pool, getattr(pool, name).encode_input(*[names.get(arg, arg) for arg in args]))
            for name, *args in calls
        ]
        actor.set_reactions(actions, sender=outsider)
        asset.set_hook(actor, sender=outsider)

    return act


@pytest.mark.parametrize("calls", [CALLS[:7], CALLS[7:]])
def test_nothing_passes_while_a_lender_pays_in(pool, actor, hooked, lender, calls):
    hooked(calls)

    receipt = pool.deposit(USDC, lender, sender=lender)

    outcomes = [log.success for log in events(receipt, actor.Acted)]
    assert outcomes == [False] * 7


@pytest.mark.parametrize("calls", [CALLS[:7], CALLS[7:]])
def test_nothing_passes_while_a_lender_takes_out(pool, actor, hooked, lender, calls):
    hooked(calls)

    receipt = pool.withdraw(USDC, lender, lender, sender=lender)

    outcomes = [log.success for log in events(receipt, actor.Acted)]
    assert outcomes == [False] * 7


@pytest.mark.parametrize("calls", [CALLS[:7], CALLS[7:]])
def test_nothing_passes_while_a_vault_draws(pool, actor, hooked, vault, calls):
    hooked(calls)

    receipt = pool.borrow(1_000 * USDC, vault, 0, sender=vault)

    outcomes = [log.success for log in events(receipt, actor.Acted)]
    assert outcomes == [False] * 7


@pytest.mark.parametrize("calls", [CALLS[:7], CALLS[7:]])
def test_nothing_passes_while_the_fund_pays(pool, fund, asset, actor, hooked, vault, calls):
    asset.mint(fund, 1_000 * USDC, sender=vault)
    pool.borrow(1_000 * USDC, vault, 0, sender=vault)
    hooked(calls)

    receipt = pool.settle(0, 0, 1_000 * USDC, 1_000 * USDC, sender=vault)

    # the calls fail, or the transfer with them, for want of the gas that the fund gives it
    outcomes = [log.success for log in events(receipt, actor.Acted)]
    assert not any(outcomes)
    assert pool.total_debt() == 0


def test_the_same_calls_pass_when_the_asset_is_quiet(pool, actor, lent, outsider):
    actions = [(pool, getattr(pool, name).encode_input(*args)) for name, *args in CALLS[8:10]]

    receipt = actor.run(actions, sender=outsider)

    assert len(events(receipt, actor.Acted)) == 2
