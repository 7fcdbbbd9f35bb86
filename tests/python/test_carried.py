"""The contracts that a wheel carries do what those of the sources do."""

from dataclasses import replace
from unittest.mock import patch

import pytest

from ringfence import carried
from ringfence.building import digest
from ringfence.carried import Carried, contracts, origin_of
from ringfence.config import MarketConfig, bundled
from ringfence.deployment import findings, resolved, write_verification
from ringfence.deployment.verification import as_text, standard_input
from ringfence.exceptions import RingfenceError
from ringfence.packing import CONTRACTS, pack
from ringfence.vault import Vault

DEPLOYER = 15


@pytest.fixture(scope="module")
def wheel(project, tmp_path_factory):
    """What a wheel of the present sources carries."""
    folder = tmp_path_factory.mktemp("wheel") / "compiled"
    pack(project, folder)
    return Carried(folder)


@pytest.fixture
def nothing_cached():
    contracts.cache_clear()
    yield
    contracts.cache_clear()


@pytest.mark.parametrize("name", CONTRACTS)
def test_each_contract_is_that_of_the_sources(wheel, project, name):
    found, wanted = getattr(wheel, name).contract_type, getattr(project, name).contract_type

    assert found.abi == wanted.abi
    assert found.natspecs == wanted.natspecs
    assert found.get_deployment_bytecode() == wanted.get_deployment_bytecode()
    assert found.get_runtime_bytecode() == wanted.get_runtime_bytecode()


def test_it_says_what_it_was_made_of(wheel, project):
    assert wheel.origin == origin_of(project)
    assert origin_of(wheel) == wheel.origin
    assert wheel.origin.compiler == "vyper 0.4.3"
    assert wheel.origin.sources == digest(project.path)


def test_a_market_of_it_is_as_configured(wheel, accounts, deploy, config, tmp_path, project):
    market = deploy(project=wheel, config=replace(config, name="carried"))

    roles = resolved(config.roles, str(accounts[DEPLOYER].address), accounts)
    found = list(findings(market, config, roles))
    assert len(found) > 100
    assert [it for it in found if not it.is_as_expected] == []
    assert Vault.open(market, accounts[6], "alpha", accounts[6]).has_label("alpha")
    written = list(write_verification(market, tmp_path / "inputs"))
    for path in written[:-1]:
        assert path.read_text().strip() == as_text(standard_input(project, path.stem))


def test_it_is_preferred_to_sources(wheel, project, nothing_cached):
    with patch.object(carried, "FOLDER", wheel.path):
        assert contracts() == wheel


def test_without_it_the_sources_are_taken(project, nothing_cached):
    assert contracts().path == project.path


def test_without_either_there_is_a_remedy(nothing_cached, tmp_path):
    with (
        patch.object(carried, "LANDMARK", tmp_path / "nowhere"),
        pytest.raises(RingfenceError, match="install the wheel that make wheel builds"),
    ):
        contracts()


def test_configurations_are_known_by_name(config, tmp_path):
    assert MarketConfig.load("demo") == config
    assert set(bundled()) == {"demo", "sepolia"}
