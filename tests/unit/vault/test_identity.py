"""The views that only tell: owner, class, hold, and the market a vault belongs to."""

from tests.steps import CLIENT, DAY, HOUSE, ZERO


def test_a_client_vault_says_whose_it_is(vault, owner):
    assert vault.owner() == owner.address
    assert vault.pending_owner() == ZERO
    assert (vault.fund_class(), vault.hold_until()) == (CLIENT, 0)


def test_a_house_vault_says_so(market, house):
    opened = market.open_house_vault("house", sender=house)

    assert opened.owner() == house.address
    assert opened.fund_class() == HOUSE


def test_a_hold_is_told_after_it_lapsed(vault, officer, chain, wait):
    until = chain.pending_timestamp + DAY
    vault.place_hold(b"\1" * 32, until, sender=officer)

    wait(2 * DAY)

    assert vault.hold_until() == until


def test_belongs_to_one_market(market, vault):
    assert vault.FACTORY() == market.factory.address
    assert vault.ENGINE() == market.engine.address
    assert vault.POOL() == market.pool.address
    assert vault.ASSET() == market.asset.address


def test_the_implementation_belongs_to_the_same(market):
    code = market.implementation

    parts = (code.FACTORY(), code.ENGINE(), code.POOL(), code.ASSET())
    assert parts == tuple(
        part.address for part in (market.factory, market.engine, market.pool, market.asset)
    )


def test_the_implementation_holds_no_state(market):
    code = market.implementation

    assert (code.scaled_debt(), code.collateral_mask(), code.fund_class()) == (0, 0, 0)
