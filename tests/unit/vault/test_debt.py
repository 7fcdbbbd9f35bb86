from ringfence.model.fixed_point import RAY, mul_div_up
from ringfence.model.interest import compound
from tests.steps import MAX, USDC, YEAR, event, give


def test_is_nothing_before_borrowing(vault):
    assert vault.debt() == 0


def test_grows_with_the_pools_index(indebted, pool, chain, wait, outsider):
    borrowed_at = chain.blocks.head.timestamp
    wait(YEAR)

    receipt = pool.accrue(sender=outsider)

    log = event(receipt, pool.InterestAccrued)
    assert log.index == compound(RAY, log.rate, receipt.timestamp - borrowed_at)
    assert indebted.debt() >= mul_div_up(10_000 * USDC, log.index, RAY) > 10_000 * USDC


def test_is_rounded_up(indebted, pool, wait):
    wait(60)

    # Read between two readings of the index, since a second may pass between calls.
    low, debt, high = pool.debt_index(), indebted.debt(), pool.debt_index()

    scaled = indebted.scaled_debt()
    assert mul_div_up(scaled, low, RAY) <= debt <= mul_div_up(scaled, high, RAY)


def test_is_nothing_after_repaying(indebted, usdc, outsider):
    give(usdc, outsider, 20_000 * USDC, indebted)

    indebted.repay(MAX, sender=outsider)

    assert indebted.debt() == 0


def test_is_not_seen_by_other_vaults(indebted, other_vault):
    assert (other_vault.debt(), other_vault.scaled_debt()) == (0, 0)
