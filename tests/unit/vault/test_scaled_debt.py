from tests.steps import USDC, YEAR


def test_is_nothing_before_borrowing(vault):
    assert vault.scaled_debt() == 0


def test_is_what_was_borrowed_at_an_index_of_one(indebted):
    assert indebted.scaled_debt() == 10_000 * USDC


def test_does_not_grow(indebted, pool, wait, outsider):
    wait(YEAR)
    pool.accrue(sender=outsider)

    assert indebted.scaled_debt() == 10_000 * USDC


def test_adds_up_to_the_pools(indebted, other_vault, pool, wbtc, neighbour):
    wbtc.mint(neighbour, 10**8, sender=neighbour)
    wbtc.approve(other_vault, 10**8, sender=neighbour)
    other_vault.deposit(wbtc, 10**8, sender=neighbour)
    other_vault.borrow(3_333 * USDC, neighbour, sender=neighbour)

    assert indebted.scaled_debt() + other_vault.scaled_debt() == pool.total_scaled_debt()
