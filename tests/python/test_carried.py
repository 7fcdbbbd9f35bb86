"""The contracts that a wheel carries do what those of the sources do."""

import copy
import pickle
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from unittest.mock import patch

import pytest
from vyper.cli.vyper_json import compile_json

from ringfence import carried
from ringfence.building import digest
from ringfence.carried import Carried, contracts, origin_of
from ringfence.config import HOMES, MarketConfig, bundled
from ringfence.deployment import findings, resolved, write_verification
from ringfence.deployment.verification import as_text, standard_input
from ringfence.exceptions import ManifestError, RingfenceError
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


@pytest.mark.parametrize("name", ["KinkedRateModel", "Vault"])
def test_its_inputs_compile_to_its_code(wheel, name):
    (made,) = compile_json(wheel.standard_input(name))["contracts"].values()

    code = made[name]["evm"]["bytecode"]["object"]
    assert code == getattr(wheel, name).contract_type.deployment_bytecode.bytecode


def test_stale_contracts_are_not_packed(project, tmp_path):
    with (
        patch("ringfence.packing.is_fresh", lambda _: False),
        pytest.raises(RingfenceError, match="changed since they were compiled; run make compile"),
    ):
        pack(project, tmp_path / "compiled")
    assert not (tmp_path / "compiled").exists()


def test_it_is_copied_whole(wheel):
    assert wheel.Vault is not None
    assert copy.deepcopy(wheel) == pickle.loads(pickle.dumps(wheel)) == wheel


def test_what_is_missing_of_it_is_named(tmp_path):
    with pytest.raises(RingfenceError, match="contracts.json is missing; install the wheel again"):
        _ = Carried(tmp_path).Vault


def test_without_a_compiler_there_is_a_remedy(project):
    with (
        patch.object(carried.metadata, "version", side_effect=PackageNotFoundError),
        pytest.raises(RingfenceError, match=r"install ringfence\[sources\]"),
    ):
        origin_of(project)


def test_inputs_of_other_sources_are_not_written(wheel, deploy, config, tmp_path):
    market = deploy(project=wheel, config=replace(config, name="other"))
    other = replace(market, manifest=replace(market.manifest, sources="another"))

    with pytest.raises(ManifestError, match="was made of sources with the hash another"):
        list(write_verification(other, tmp_path / "inputs"))
    assert not (tmp_path / "inputs").exists()


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


def test_a_file_goes_before_a_name(config, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "demo").write_text(bundled()["demo"].read_text().replace('"demo"', '"mine"'))

    assert MarketConfig.load("demo").name == "mine"


def test_the_wheels_own_configurations_go_before_any_others(tmp_path):
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "own.toml").touch()

    with patch("ringfence.config.HOMES", (tmp_path / "configs", *HOMES)):
        assert set(bundled()) == {"own"}
