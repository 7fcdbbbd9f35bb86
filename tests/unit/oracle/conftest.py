"""An oracle of its own, with one feed, and whoever asks it."""

import pytest

from tests.steps import DAY, ZERO, event

ONE = 10**8  # answer of a feed with eight decimals
HOUR = 3_600
LOWEST, HIGHEST = 10 * ONE, 1_000 * ONE


@pytest.fixture
def deploy_oracle(project, house):
    """Deploy an oracle that the house owns."""

    def act(quote=ZERO, sequencer=ZERO, grace=0):
        return house.deploy(project.ChainlinkOracle, house, 3 * DAY, quote, sequencer, grace)

    return act


@pytest.fixture
def oracle(deploy_oracle):
    return deploy_oracle()


@pytest.fixture
def deploy_feed(project, feed_keeper):
    return lambda answer, decimals=8: feed_keeper.deploy(project.MockFeed, decimals, answer)


@pytest.fixture
def feed(deploy_feed):
    return deploy_feed(100 * ONE)


@pytest.fixture
def priced(oracle, weth, feed, house):
    """A token at 100, believed between 10 and 1,000 for an hour."""
    oracle.set_feed(weth, feed, HOUR, LOWEST, HIGHEST, sender=house)
    return weth


@pytest.fixture
def at(chain):
    """Let the next transaction happen at this moment."""

    def act(moment):
        chain.pending_timestamp = moment

    return act


@pytest.fixture
def price_at(chain, project, deployer, at):
    """Ask an oracle at this moment for the price of a token."""
    actor = deployer.deploy(project.MockActor)

    def ask(oracle, token, moment):
        at(moment)
        receipt = actor.run([(oracle, oracle.price_of.encode_input(token))], sender=deployer)
        told = event(receipt, actor.Acted).response
        return chain.provider.network.ecosystem.decode_returndata(oracle.price_of.abis[0], told)

    return ask


@pytest.fixture
def change(chain, house, at):
    """Announce a call of an oracle, let the notice pass, make the call while `feeds` live."""

    def act(oracle, method, *args, feeds=()):
        oracle.announce(getattr(oracle, method).encode_input(*args), sender=house)
        chain.mine(deltatime=3 * DAY + 1)
        for feed in feeds:
            feed.set_answer(feed.answer(), sender=house)
        return getattr(oracle, method)(*args, sender=house)

    return act


@pytest.fixture
def second(oracle, priced, deploy_feed, feed, change):
    """A second feed of the token, at 90."""
    second = deploy_feed(90 * ONE)
    args = (priced, second, HOUR, LOWEST, HIGHEST)
    change(oracle, "set_second_feed", *args, feeds=(feed, second))
    return second
