"""Rate models with other curves than the market's."""

import pytest


@pytest.fixture(scope="session")
def curve(project, deployer):
    """Deploy a rate model with this curve."""
    return lambda *arguments: deployer.deploy(project.KinkedRateModel, *arguments)
