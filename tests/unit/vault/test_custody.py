"""What holds over all functions: no allowance is ever given, nobody else's money is ever moved."""

import pytest
from ape.exceptions import ContractLogicError

from tests.steps import MAX, USDC, WBTC, WETH, events, put


@pytest.fixture
def life(lent, vault, weth, wbtc, usdc, owner, outsider, liquidator, set_price, liquidate):
    """Receipts of every function of a vault that moves a token."""
    usdc.mint(liquidator, 100_000 * USDC, sender=liquidator)
    usdc.approve(vault, MAX, sender=liquidator)
    usdc.approve(vault, MAX, sender=owner)
    receipts = [
        put(vault, weth, 100 * WETH, owner),
        put(vault, wbtc, WBTC, outsider),
        vault.borrow(12_000 * USDC, owner, sender=owner),
        vault.borrow(1_000 * USDC, vault, sender=owner),
        vault.repay(500 * USDC, sender=owner),
        vault.repay_from_vault(500 * USDC, sender=owner),
        vault.withdraw(weth, WETH, owner, sender=owner),
    ]
    set_price("WETH", 130)
    receipts.append(liquidate(vault, weth))
    set_price("WETH", 1)
    receipts.append(liquidate(vault, weth))
    return receipts


def test_gives_no_allowance(life, vault, market, pool, engine, factory, fund, owner, liquidator):
    spenders = (pool, engine, factory, fund, owner, liquidator, market.oracle)

    for token in market.tokens.values():
        assert [token.allowance(vault, spender) for spender in spenders] == len(spenders) * [0]


def test_logs_no_approval(life, vault, weth):
    approvals = [log for receipt in life for log in events(receipt, weth.Approval)]

    assert vault.address not in [log.owner for log in approvals]


def test_spends_nobodys_money_but_the_callers(life, vault, market, pool):
    tokens = {token.address for token in market.tokens.values()}
    moves = [
        (log.sender, receipt.sender)
        for receipt in life
        for log in events(receipt, market.asset.Transfer)
        if log.contract_address in tokens
    ]

    assert moves
    assert all(payer in (vault.address, pool.address, caller) for payer, caller in moves)


def test_ends_without_debt(life, vault, pool):
    assert (vault.debt(), pool.total_scaled_debt()) == (0, 0)


@pytest.mark.parametrize("office", ["house", "risk_admin", "guardian", "officer", "treasury"])
def test_no_office_moves_anything(request, indebted, weth, wbtc, office):
    holder = request.getfixturevalue(office)
    before = weth.balanceOf(indebted), indebted.scaled_debt(), indebted.collateral_mask()
    attempts = {
        "enable_collateral": (wbtc,),
        "disable_collateral": (weth,),
        "withdraw": (weth, 1, holder),
        "borrow": (USDC, holder),
        "repay_from_vault": (MAX,),
        "liquidate": (weth, MAX, 0, holder, MAX, b""),
        "realise_loss": (),
        "transfer_ownership": (holder,),
        "accept_ownership": (),
        "initialize": (holder, 1),
    }

    for name, arguments in attempts.items():
        with pytest.raises(ContractLogicError):
            getattr(indebted, name)(*arguments, sender=holder)

    assert (weth.balanceOf(indebted), indebted.scaled_debt(), indebted.collateral_mask()) == before
