"""A change stands announced, word for word, for the notice; `cancel` withdraws it."""

import ape
import pytest
from eth_utils import keccak

from tests.steps import DAY, event
from tests.unit.oracle.conftest import HIGHEST, HOUR, LOWEST


@pytest.fixture
def terms(priced, feed):
    return (priced, feed, HOUR, LOWEST, 2 * HIGHEST)


@pytest.fixture
def call(oracle, terms):
    return oracle.set_feed.encode_input(*terms)


@pytest.fixture
def ready_at(oracle, call, house):
    """When the change that was announced may be made."""
    return oracle.announce(call, sender=house).timestamp + 3 * DAY


def test_logs_the_call(oracle, call, house):
    receipt = oracle.announce(call, sender=house)

    log = event(receipt, oracle.Announced)
    assert (log.action, log.call) == (keccak(call), call)
    assert log.ready_at == receipt.timestamp + oracle.NOTICE() == receipt.timestamp + 3 * DAY


def test_notes_when_it_is_ready(oracle, call, ready_at):
    assert oracle.ready_at(keccak(call)) == ready_at


def test_allows_the_call_from_the_end_of_the_notice(oracle, terms, ready_at, house, at):
    at(ready_at)

    oracle.set_feed(*terms, sender=house)

    assert oracle.feed_of(terms[0]).highest == 2 * HIGHEST


def test_does_not_allow_it_a_second_earlier(oracle, terms, ready_at, house, at):
    at(ready_at - 1)

    with ape.reverts("notice: too early"):
        oracle.set_feed(*terms, sender=house)


def test_allows_it_for_14_days(oracle, terms, ready_at, house, at):
    at(ready_at + 14 * DAY)

    oracle.set_feed(*terms, sender=house)

    assert oracle.feed_of(terms[0]).highest == 2 * HIGHEST


def test_lapses_after_14_days(oracle, terms, ready_at, house, at):
    at(ready_at + 14 * DAY + 1)

    with ape.reverts("notice: lapsed"):
        oracle.set_feed(*terms, sender=house)


def test_is_spent_by_the_call(oracle, terms, ready_at, house, at):
    at(ready_at)
    oracle.set_feed(*terms, sender=house)

    with ape.reverts("notice: not announced"):
        oracle.set_feed(*terms, sender=house)


def test_allows_no_other_words(oracle, terms, ready_at, house, at):
    at(ready_at)

    with ape.reverts("notice: not announced"):
        oracle.set_feed(*terms[:-1], terms[-1] + 1, sender=house)


def test_begins_anew_when_announced_again(oracle, call, terms, ready_at, house, at):
    at(ready_at)
    oracle.announce(call, sender=house)

    with ape.reverts("notice: too early"):
        oracle.set_feed(*terms, sender=house)


def test_is_for_the_owner(oracle, call, outsider):
    with ape.reverts("ownership: not the owner"):
        oracle.announce(call, sender=outsider)


# -- Withdrawn -------------------------------------------------------------------------------------


def test_cancel_withdraws_it(oracle, call, terms, ready_at, house, at):
    oracle.cancel(call, sender=house)

    at(ready_at)

    with ape.reverts("notice: not announced"):
        oracle.set_feed(*terms, sender=house)


def test_cancel_is_logged(oracle, call, ready_at, house):
    receipt = oracle.cancel(call, sender=house)

    assert event(receipt, oracle.AnnouncementCancelled).action == keccak(call)
    assert oracle.ready_at(keccak(call)) == 0


def test_cancel_needs_an_announcement(oracle, call, house):
    with ape.reverts("notice: not announced"):
        oracle.cancel(call, sender=house)


def test_cancel_is_for_the_owner(oracle, call, ready_at, outsider):
    with ape.reverts("ownership: not the owner"):
        oracle.cancel(call, sender=outsider)


def test_calls_of_516_bytes_fit(oracle, house):
    """As in every contract that gives notice; none of this one's is so long."""
    longest = b"1" * 516

    oracle.announce(longest, sender=house)
    assert oracle.ready_at(keccak(longest)) > 0

    oracle.cancel(longest, sender=house)
    assert oracle.ready_at(keccak(longest)) == 0
