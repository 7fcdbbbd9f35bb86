"""`cover`: the pool draws what a loss needs, or what there is."""

import ape
import pytest

from tests.steps import USDC, event, events

RETURNS_NOTHING, RETURNS_FALSE, REVERTS = 1, 2, 4


@pytest.fixture
def lose(pool, vault):
    """Borrow all of this as a vault, and write all of it off."""

    def act(assets):
        pool.borrow(assets, vault, 0, sender=vault)
        return pool.settle(0, 0, assets, assets, sender=vault)

    return act


@pytest.mark.parametrize("loss", [1_000, 5_000, 8_000])
def test_pays_up_to_what_it_has(pool, fund, asset, lent, cash, lose, loss):
    receipt = lose(loss * USDC)

    paid = min(loss, 5_000) * USDC
    log = event(receipt, fund.LossCovered)
    assert (log.assets, log.cash) == (paid, 5_000 * USDC - paid)
    assert asset.balanceOf(fund) == 5_000 * USDC - paid
    assert event(receipt, pool.DebtWrittenOff).covered_by_cash == paid


@pytest.mark.parametrize("quirk", [RETURNS_FALSE, REVERTS])
def test_pays_nothing_when_the_asset_refuses(pool, fund, asset, lent, cash, vault, quirk):
    pool.borrow(1_000 * USDC, vault, 0, sender=vault)
    asset.set_quirks(quirk, sender=vault)

    receipt = pool.settle(0, 0, 1_000 * USDC, 1_000 * USDC, sender=vault)

    log = event(receipt, fund.LossCovered)
    assert (log.assets, log.cash) == (0, 5_000 * USDC)
    assert event(receipt, pool.DebtWrittenOff).lost == 1_000 * USDC


def test_pays_nothing_when_the_asset_blocks_the_fund(pool, fund, asset, lent, cash, lose, vault):
    asset.set_blocked(fund, True, sender=vault)

    receipt = lose(1_000 * USDC)

    assert event(receipt, fund.LossCovered).assets == 0
    assert pool.totalAssets() == 999_000 * USDC


def test_pays_with_an_asset_that_returns_nothing(pool, fund, asset, lent, cash, vault):
    pool.borrow(1_000 * USDC, vault, 0, sender=vault)
    asset.set_quirks(RETURNS_NOTHING, sender=vault)

    receipt = pool.settle(0, 0, 1_000 * USDC, 1_000 * USDC, sender=vault)

    assert event(receipt, fund.LossCovered).assets == 1_000 * USDC


def test_is_not_asked_without_cash(fund, lent, lose):
    receipt = lose(1_000 * USDC)

    assert not events(receipt, fund.LossCovered)


def test_reverts_for_anyone_but_the_pool(fund, cash, house, risk_admin, vault, outsider):
    for other in (house, risk_admin, vault, outsider):
        with ape.reverts("fund: not the pool"):
            fund.cover(1, sender=other)
