"""`announce` and `cancel`: the owner says what it will take out, or gives it up."""

import ape
import pytest
from eth_utils import keccak

from tests.steps import DAY, event


@pytest.fixture
def call(fund, asset, house):
    return fund.withdraw.encode_input(asset, 1, house)


def test_sets_when_the_withdrawal_is_ready(fund, call, house):
    receipt = fund.announce(call, sender=house)

    log = event(receipt, fund.Announced)
    assert (log.action, log.call) == (keccak(call), call)
    assert log.ready_at == fund.ready_at(keccak(call)) == receipt.timestamp + 3 * DAY


def test_takes_a_call_of_516_bytes(fund, house):
    fund.announce(b"\x01" * 516, sender=house)

    assert fund.ready_at(keccak(b"\x01" * 516)) > 0


def test_reverts_for_anyone_but_the_owner(fund, call, risk_admin, guardian, outsider):
    for other in (risk_admin, guardian, outsider):
        with ape.reverts("fund: not the owner"):
            fund.announce(call, sender=other)


def test_follows_the_owner_of_the_factory(market, house, owner):
    # in a market of its own: the fund asks the factory each time
    call = market.fund.withdraw.encode_input(market.asset, 1, owner)
    market.factory.transfer_ownership(owner, sender=house)
    market.factory.accept_ownership(sender=owner)

    market.fund.announce(call, sender=owner)

    with ape.reverts("fund: not the owner"):
        market.fund.announce(call, sender=house)


def test_cancel_gives_it_up(fund, call, house):
    fund.announce(call, sender=house)

    receipt = fund.cancel(call, sender=house)

    assert event(receipt, fund.AnnouncementCancelled).action == keccak(call)
    assert fund.ready_at(keccak(call)) == 0


def test_cancel_gives_up_a_call_of_516_bytes(fund, house):
    fund.announce(b"\x01" * 516, sender=house)

    fund.cancel(b"\x01" * 516, sender=house)

    assert fund.ready_at(keccak(b"\x01" * 516)) == 0


def test_cancel_reverts_for_anyone_but_the_owner(fund, call, house, risk_admin, outsider):
    fund.announce(call, sender=house)

    for other in (risk_admin, outsider):
        with ape.reverts("fund: not the owner"):
            fund.cancel(call, sender=other)


def test_cancel_reverts_for_what_was_not_announced(fund, call, house):
    with ape.reverts("notice: not announced"):
        fund.cancel(call, sender=house)
