"""What an oracle is for life."""

import ape
import pytest

from tests.steps import DAY, ZERO, event


def test_keeps_its_terms(deploy_oracle, house, usdc, feed):
    oracle = deploy_oracle(quote=usdc, sequencer=feed, grace=1_800)

    assert oracle.owner() == house
    assert oracle.NOTICE() == 3 * DAY
    assert (oracle.QUOTE(), oracle.SEQUENCER(), oracle.GRACE()) == (usdc, feed, 1_800)


def test_needs_an_owner(project, house):
    with ape.reverts("ownership: zero owner"):
        house.deploy(project.ChainlinkOracle, ZERO, 3 * DAY, ZERO, ZERO, 0)


@pytest.mark.parametrize("notice", [0, 3 * DAY - 1])
def test_needs_three_days_of_notice(project, house, notice):
    with ape.reverts("notice: below 3 days"):
        house.deploy(project.ChainlinkOracle, house, notice, ZERO, ZERO, 0)


def test_logs_its_first_owner(oracle, house):
    log = event(oracle.creation_metadata.receipt, oracle.OwnershipTransferred)

    assert (log.previous_owner, log.new_owner) == (ZERO, house.address)
