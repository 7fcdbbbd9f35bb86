"""A vault to preview, in any of the states in which it may be."""

from unittest.mock import patch

import pytest

from ringfence.deployment import deploy_market
from ringfence.manifest import manifest_path
from ringfence.vault import Vault
from tests import steps
from tests.steps import USDC, WBTC, WETH

DEPLOYER = 15


@pytest.fixture
def handle(market, vault):
    """The owner's vault, as the package hands it out."""
    return Vault(market, vault)


@pytest.fixture
def rich(lent, handle, vault, owner, weth, wbtc, dai, usdc):
    """The owner's vault with four tokens, not in debt."""
    steps.put(vault, weth, 100 * WETH + 7, owner)
    steps.put(vault, wbtc, 2 * WBTC + 3, owner)
    steps.put(vault, dai, 1_234 * 10**18 + 11, owner)
    steps.put(vault, usdc, 500 * USDC + 1, owner)
    return handle


@pytest.fixture
def levered(rich, vault, owner):
    """The same with a debt of 20,000."""
    vault.borrow(20_000 * USDC, owner, sender=owner)
    return rich


# -- Deployments -----------------------------------------------------------------------------------


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


@pytest.fixture
def me(accounts):
    return accounts[DEPLOYER]


@pytest.fixture
def deploy(project, me, config, tmp_path):
    """Deploy the demo market into a folder of manifests, from the beginning or not."""

    def deployed(lines=None, config=config, deployer=me, project=project, **options):
        report = [].append if lines is None else lines.append
        return deploy_market(
            project, deployer, config, report=report, manifests=tmp_path, **options
        )

    return deployed


@pytest.fixture
def killed(project, deploy):
    """Deploy, and be killed at a transaction: before it is sent, or once it is."""

    def kill(at, is_sent, **options):
        send = type(project.provider).send_transaction
        count = 0

        def counted(provider, transaction):
            nonlocal count
            count += 1
            if count < at:
                return send(provider, transaction)
            if is_sent:
                send(provider, transaction)
            raise Killed

        with (
            patch.object(type(project.provider), "send_transaction", counted),
            pytest.raises(Killed),
        ):
            deploy(**options)

    return kill


@pytest.fixture
def path(project, config, tmp_path):
    return manifest_path(tmp_path, project.provider.chain_id, config.name)
