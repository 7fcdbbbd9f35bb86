"""The fold of a vault's events equals its state, and every transfer is of a known kind."""

import pytest

from ringfence.units import MAX_UINT
from tests import steps
from tests.ledger.agreement import assert_agree
from tests.steps import DAY, MAX, USDC, WBTC, WETH, ZERO


@pytest.fixture
def agree(market, books):
    """Compare the books with the chain, and return them."""

    def act():
        found = books()
        assert len(found.accounts) == market.factory.vault_count()
        for account in found.accounts.values():
            compare(market, account)
        return found

    return act


def compare(market, account):
    assert_agree(market, account)
    for token in market.tokens.values():
        assert account.balances.get(token.address, 0) == token.balanceOf(
            market.vault_at(account.vault)
        )
    assert sum(it.amount for it in account.flows) == sum(account.balances.values())


def kinds(account):
    return [it.kind for it in account.flows]


def test_a_new_vault(agree, vault, owner):
    account = agree().accounts[vault.address]

    assert (account.owner, account.label) == (owner.address, "vault")
    assert account.flows == []


def test_what_owners_do(agree, indebted, owner, outsider, weth, usdc, chain):
    steps.put(indebted, weth, WETH, outsider)
    indebted.borrow(500 * USDC, indebted, sender=owner)
    chain.mine(deltatime=DAY)
    indebted.repay_from_vault(200 * USDC, sender=owner)
    usdc.mint(owner, 20_000 * USDC, sender=owner)
    usdc.approve(indebted, MAX_UINT, sender=owner)
    indebted.repay(1_000 * USDC, sender=owner)
    indebted.withdraw(weth, 2 * WETH, outsider, sender=owner)
    indebted.withdraw(usdc, MAX, owner, sender=owner)

    account = agree().accounts[indebted.address]
    assert kinds(account) == [
        *("deposit", "top-up", "loan", "repayment"),
        *("withdrawal", "withdrawal"),
    ]
    assert account.borrowed == 10_500 * USDC
    assert account.repaid == 1_200 * USDC
    assert account.interest(indebted.debt()) > 0


def test_what_strangers_send(agree, vault, owner, outsider, weth, dai):
    weth.mint(vault, 5 * WETH, sender=outsider)
    dai.mint(outsider, 7, sender=outsider)
    dai.transfer(vault, 7, sender=outsider)

    account = agree().accounts[vault.address]
    assert kinds(account) == ["unsolicited", "unsolicited"]
    assert [it.counterparty for it in account.flows] == [ZERO, outsider.address]


def test_a_liquidation(agree, indebted, set_price, liquidator, weth, usdc):
    set_price("WETH", 115)
    steps.give(usdc, liquidator, 20_000 * USDC, indebted)
    indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    account = agree().accounts[indebted.address]
    assert kinds(account) == ["deposit", "seizure"]
    assert account.sales == 1
    assert account.written_off == 0


def test_a_loss(agree, indebted, set_price, liquidator, weth, usdc):
    set_price("WETH", 30)
    steps.give(usdc, liquidator, 20_000 * USDC, indebted)
    indebted.liquidate(weth, MAX, 0, liquidator, MAX, b"", sender=liquidator)

    account = agree().accounts[indebted.address]
    assert account.written_off > 0
    assert account.scaled_debt == 0


def test_owners_and_officers(agree, vault, owner, neighbour, officer, chain, weth):
    vault.transfer_ownership(neighbour, sender=owner)
    vault.place_hold(b"\1" * 32, chain.pending_timestamp + DAY, sender=officer)
    assert agree().accounts[vault.address].pending_owner == neighbour.address

    vault.release_hold(sender=officer)
    vault.accept_ownership(sender=neighbour)
    steps.put(vault, weth, WETH, owner)
    steps.put(vault, weth, WETH, neighbour)

    assert kinds(agree().accounts[vault.address]) == ["top-up", "deposit"]


def test_collateral_comes_and_goes(agree, vault, owner, weth, wbtc):
    steps.put(vault, weth, WETH, owner)
    steps.put(vault, wbtc, WBTC, owner)
    vault.disable_collateral(weth, sender=owner)

    assert agree().accounts[vault.address].collaterals == [wbtc.address]


def test_tokens_that_wait_for_a_vault(agree, market, owner, outsider, weth):
    later = market.vault_of(owner, "later")
    weth.mint(outsider, 2 * WETH, sender=outsider)
    weth.transfer(later, WETH, sender=outsider)
    agree()
    weth.transfer(later, WETH, sender=outsider)

    market.open_vault(owner, "later", sender=outsider)

    account = agree().accounts[later.address]
    assert kinds(account) == ["unsolicited", "unsolicited"]
    assert account.balances == {weth.address: 2 * WETH}


def test_between_vaults(agree, vault, other_vault, owner, neighbour, weth):
    steps.put(vault, weth, 3 * WETH, owner)
    vault.withdraw(weth, WETH, other_vault, sender=owner)

    accounts = agree().accounts
    assert kinds(accounts[vault.address]) == ["deposit", "withdrawal"]
    (received,) = accounts[other_vault.address].flows
    assert (received.kind, received.counterparty) == ("unsolicited", vault.address)


def test_the_past_is_told(books, vault, owner, weth, chain):
    steps.put(vault, weth, WETH, owner)
    then = chain.blocks.height
    steps.put(vault, weth, WETH, owner)

    assert books().accounts[vault.address].balances == {weth.address: 2 * WETH}
    assert books(then).accounts[vault.address].balances == {weth.address: WETH}
    assert books(0).accounts == {}
