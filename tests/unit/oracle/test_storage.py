"""What lies in which bits of a feed's slots, for those who read or prove storage directly."""

import pytest
from eth_utils import keccak

from tests.unit.oracle.conftest import HIGHEST, HOUR, LOWEST

FIRST, SECOND = 0, 1
MAPPINGS = range(20)  # slots in which one may be


@pytest.fixture
def words(oracle):
    """What a mapping from token and rank may hold, whichever it is."""

    def read(token, rank):
        key = bytes.fromhex(token.address[2:]).rjust(32, b"\0")
        inner = (keccak(slot.to_bytes(32) + key) for slot in MAPPINGS)
        places = (int.from_bytes(keccak(it + rank.to_bytes(32))) for it in inner)
        get = oracle.provider.get_storage
        return [int.from_bytes(get(oracle.address, place)) for place in places]

    return read


def test_two_words_of_a_feed(oracle, weth, feed, house, words):
    set_at = oracle.set_feed(weth, feed, HOUR, LOWEST, HIGHEST, sender=house).timestamp

    what = int(feed.address, 16) | HOUR << 160 | 8 << 200 | set_at << 216
    assert what in words(weth, FIRST)
    assert LOWEST | HIGHEST << 128 in words(weth, FIRST)


def test_a_second_feed_is_beside_it_and_a_bit_tells(oracle, priced, feed, second, words):
    set_at, later = oracle.feed_of(priced).set_at, oracle.second_feed_of(priced).set_at

    first = int(feed.address, 16) | HOUR << 160 | 8 << 200 | 1 << 208 | set_at << 216
    assert first in words(priced, FIRST)
    assert int(second.address, 16) | HOUR << 160 | 8 << 200 | later << 216 in words(priced, SECOND)
