"""Whether the books of a market say what its chain says."""

from ringfence.ledger.fold import CLASSES


def assert_agree(market, account):
    """Everything that the events tell of a vault is what it says itself, but for its tokens."""
    vault = market.vault_at(account.vault)
    assert account.owner == vault.owner()
    assert account.pending_owner == vault.pending_owner()
    assert account.id == market.factory.vault_id(vault)
    assert account.fund_class == CLASSES[vault.fund_class()]
    assert account.hold_until == vault.hold_until()
    assert account.scaled_debt == vault.scaled_debt()
    assert sorted(account.collaterals) == sorted(vault.collaterals())
    assert account.interest(vault.debt()) >= 0
