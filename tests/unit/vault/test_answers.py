"""What the vault answers to the contract that calls it: amounts that moved."""

from tests.steps import MAX, USDC, WETH, event, events, give, put


def test_deposit_answers_what_arrived(vault, weth, owner):
    put(vault, weth, 2 * WETH, owner)
    give(weth, owner, 3 * WETH, vault)

    assert vault.deposit.call(weth, 3 * WETH, sender=owner) == 3 * WETH


def test_withdraw_answers_what_went(vault, weth, owner):
    put(vault, weth, 3 * WETH, owner)

    assert vault.withdraw.call(weth, 2 * WETH, owner, sender=owner) == 2 * WETH
    assert vault.withdraw.call(weth, MAX, owner, sender=owner) == 3 * WETH


def test_repay_answers_what_was_repaid(indebted, usdc, owner):
    give(usdc, owner, 20_000 * USDC, indebted)

    assert indebted.repay.call(4_000 * USDC, sender=owner) == 4_000 * USDC
    assert 10_000 * USDC <= indebted.repay.call(MAX, sender=owner) < 10_001 * USDC


def test_repay_from_vault_answers_what_was_repaid(indebted, usdc, owner):
    put(indebted, usdc, 5_000 * USDC, owner)

    assert indebted.repay_from_vault.call(4_000 * USDC, sender=owner) == 4_000 * USDC
    assert indebted.repay_from_vault.call(MAX, sender=owner) == 5_000 * USDC


def test_liquidate_answers_what_was_repaid_and_seized(
    short, actor, as_actor, reactions, usdc, weth, outsider
):
    usdc.mint(actor, 100_000 * USDC, sender=outsider)

    receipt = as_actor(
        (usdc.approve, short, MAX),
        (short.liquidate, weth, 1_000 * USDC, 0, outsider, MAX, b""),
    )

    log = event(receipt, short.Liquidated)
    _, (_, answer) = reactions(receipt)
    assert (int.from_bytes(answer[:32]), int.from_bytes(answer[32:])) == (log.repaid, log.seized)
    assert log.repaid == 1_000 * USDC
    assert log.seized == weth.balanceOf(outsider) > 0
    assert not events(receipt, short.LossRealised)
