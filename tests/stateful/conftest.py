"""The world that the machine lives in, and the shortest way to a fast node."""

import pytest
from ape_foundry.provider import FoundryProvider

from tests import chain_shims
from tests.stateful.world import World

_command = FoundryProvider.build_command


def _without_steps(provider):
    """Ape lets Anvil record every opcode of every transaction; nothing here has a use for that."""
    return [part for part in _command(provider) if part != "--steps-tracing"]


FoundryProvider.build_command = _without_steps


@pytest.fixture(autouse=True)
def undone():
    """Each life undoes what it did by itself."""


@pytest.fixture(scope="module")
def world(chain, project, deployer, accounts, config):
    with chain_shims.undone(chain):
        yield World(project, deployer, accounts, config)
