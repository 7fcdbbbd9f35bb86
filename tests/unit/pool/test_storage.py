"""What lies in which bits of the pool's slots, for those who read or prove storage directly."""

import ape

from tests.steps import DAY, RAY, USDC, YEAR, slots_of
from tests.unit.pool.bare import deploy_pool

RATE = 3 * RAY // YEAR | 1  # its lowest bit is set


def test_three_words_of_books(twin):
    twin.set_rate(RATE)
    ape.chain.mine(deltatime=YEAR)
    twin.run(("accrue",))

    books = twin.model._books

    assert books.index > RAY
    assert books.owed > 0
    assert books.rate == twin.pool.borrow_rate() == RATE
    slots = slots_of(twin.pool)
    assert books.index | books.rate << 128 | books.accrued_at << 208 in slots
    assert books.cash | books.scaled_debt << 128 in slots
    assert books.issued | books.owed << 128 in slots


def test_books_begin_when_the_pool_does(chain, project, deployer, asset, rates, registry, treasury):
    pool = deploy_pool(project, deployer, asset, rates, registry, treasury)

    assert RAY | chain.blocks.head.timestamp << 208 in slots_of(pool)


def test_one_word_of_brakes(pool, lent, vault, lose, guardian, risk_admin):
    lose(vault, 60_000 * USDC)
    second = pool.pause(2, DAY, sender=guardian).timestamp + DAY
    first = pool.pause(1, 2 * DAY, sender=guardian).timestamp + 2 * DAY
    pool.set_caps(0, 12_345 * USDC, sender=risk_admin)

    assert first | second << 64 | 1 << 128 | 12_345 * USDC << 136 in slots_of(pool)

    pool.lower_pause(1, sender=risk_admin)
    assert first | 1 << 128 | 12_345 * USDC << 136 in slots_of(pool)

    pool.lower_pause(0, sender=risk_admin)
    assert 1 << 128 | 12_345 * USDC << 136 in slots_of(pool)


def test_a_later_end_replaces_every_bit_of_an_earlier_one(chain, pool, guardian):
    now = chain.pending_timestamp // 2 * 2 + 100
    chain.pending_timestamp = now
    pool.pause(1, DAY + 1, sender=guardian)

    chain.pending_timestamp = now + 2
    pool.pause(1, 2 * DAY, sender=guardian)

    assert now + 2 + 2 * DAY | pool.borrow_cap() << 136 in slots_of(pool)


def test_one_word_of_debt_limits(pool, risk_admin):
    smallest = pool.min_debt()

    pool.set_debt_limits(smallest, 3_000_000 * USDC, sender=risk_admin)

    assert smallest | 3_000_000 * USDC << 128 in slots_of(pool)
