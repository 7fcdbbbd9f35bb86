"""A deployed market is governed by those whom its configuration names, and nobody else."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from ringfence.config import CreditAsset, Feed, Roles
from ringfence.deployment import create_address, deploy_market
from ringfence.exceptions import ConfigError, DeploymentError, ManifestError
from ringfence.manifest import Manifest, manifest_path, manifests_on
from ringfence.market import PARTS, Market
from ringfence.standing import stands_at_home
from ringfence.terms import engine_terms, pool_terms, rate_arguments, token_arguments
from ringfence.units import MAX_UINT
from tests.steps import DAY, WAD, ZERO

STRANGER = "0x00000000000000000000000000000000DeaDBeef"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("deployments")


@pytest.fixture(scope="module")
def recorded(undone_module, project, accounts, config, folder):
    """The demo market, deployed by another account and written down."""
    lines = []
    market = deploy_market(project, accounts[15], config, report=lines.append, manifests=folder)
    return market, lines


# -- Addresses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nonce", "address"),
    [
        (0, "0xcd234A471b72ba2F1Ccf0A70FCABA648a5eeCD8d"),
        (1, "0x343c43A37D37dfF08AE8C4A11544c718AbB4fCF8"),
        (2, "0xf778B86FA74E846c4f0a1fBd1335FE81c00a0C91"),
        (3, "0xffFd933A0bC612844eaF0C6Fe3E5b8E9B6C1d19c"),
    ],
)
def test_create_addresses_are_those_of_the_yellow_paper(nonce, address):
    assert create_address("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0", nonce) == address


@pytest.mark.parametrize("nonce", [127, 128, 255, 256, 65_536])
def test_create_address_counts_past_one_byte(nonce):
    import rlp
    from eth_utils import keccak, to_checksum_address

    creator = bytes.fromhex("6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0")
    expected = to_checksum_address(keccak(rlp.encode([creator, nonce]))[12:])

    assert create_address("0x" + creator.hex(), nonce) == expected


# -- What stands -----------------------------------------------------------------------------------


def test_contracts_know_one_another(market):
    pool, engine, factory = market.pool, market.engine, market.factory

    assert pool.FACTORY() == factory
    assert pool.INSURANCE_FUND() == market.fund
    assert pool.RATE_MODEL() == market.rate_model
    assert pool.asset() == market.asset
    assert market.fund.POOL() == pool
    assert (engine.POOL(), engine.FACTORY(), engine.ORACLE()) == (pool, factory, market.oracle)
    assert factory.IMPLEMENTATION() == market.implementation
    assert market.implementation.ENGINE() == engine
    assert market.lens.ENGINE() == engine


def test_terms_are_as_configured(market, config):
    terms = pool_terms(config)
    curve = market.rate_model

    assert market.pool.name() == config.pool.share_name
    assert market.pool.min_debt() == terms["min_debt"]
    assert market.pool.borrow_cap() == terms["borrow_cap"]
    assert market.engine.NOTICE() == config.notice
    assert list(market.engine.liquidation_terms()) == list(
        engine_terms(config.liquidation).values()
    )
    assert rate_arguments(config.rates) == (
        curve.KINK(),
        curve.BASE_RATE(),
        curve.KINK_RATE(),
        curve.FULL_RATE(),
    )


def test_tokens_are_listed_in_order(market, config):
    assert market.engine.token_count() == len(config.tokens)
    for index, token in enumerate(config.tokens):
        contract = market.tokens[token.symbol]
        initial, maintenance, cap = token_arguments(config, token)
        rules = market.engine.rules_of(contract)

        assert market.engine.token_at(index) == contract
        assert (rules.initial_ltv, rules.target_ltv) == (initial, maintenance)
        assert market.engine.cap_of(contract) == cap
        assert rules.is_capped == (cap != MAX_UINT)


def test_feeds_answer_the_configured_prices(market, config):
    for symbol, feed in config.feeds.items():
        price, is_live = market.oracle.price_of(market.tokens[symbol])

        assert is_live
        assert Decimal(price) / WAD == feed.price
    assert tuple(market.oracle.price_of(market.asset)) == (WAD, True)


# -- Who governs -----------------------------------------------------------------------------------


def test_everybody_has_the_office_that_is_his(
    market, house, risk_admin, guardian, officer, treasury
):
    assert market.factory.owner() == house
    assert market.oracle.owner() == market.factory.risk_admin() == risk_admin
    assert market.factory.guardian() == guardian
    assert market.factory.compliance_officer() == officer
    assert market.pool.TREASURY() == treasury


def test_deployer_keeps_no_power(market, deployer):
    factory, oracle = market.factory, market.oracle
    offices = [factory.risk_admin(), factory.guardian(), factory.compliance_officer()]
    owners = [factory.owner(), oracle.owner()]
    pending = [factory.pending_owner(), oracle.pending_owner()]

    assert deployer.address not in offices + owners + pending
    assert pending == [ZERO, ZERO]
    assert market.pool.balanceOf(deployer) == market.asset.balanceOf(deployer) == 0


def test_offices_without_a_name_fall_to_the_deployer(project, accounts, config):
    market = deploy_market(project, accounts[15], replace(config, roles=Roles()))

    assert market.factory.owner() == market.oracle.owner() == accounts[15]
    assert market.factory.risk_admin() == accounts[15]
    assert market.pool.TREASURY() == accounts[15]


def test_ownership_is_offered_to_an_owner_who_is_not_here(project, accounts, config):
    lines = []
    roles = replace(config.roles, owner=STRANGER, risk_admin=STRANGER)

    market = deploy_market(project, accounts[15], replace(config, roles=roles), report=lines.append)

    assert market.factory.owner() == market.oracle.owner() == accounts[15]
    assert market.factory.pending_owner() == market.oracle.pending_owner() == STRANGER
    assert f"factory is offered to {STRANGER}, who must call accept_ownership()" in lines


# -- What is refused -------------------------------------------------------------------------------


def test_address_without_code_is_refused(project, accounts, config):
    token = replace(config.token("WETH"), address=STRANGER)

    with pytest.raises(ConfigError, match=f'token.WETH.address = "{STRANGER}": holds no'):
        deploy_market(project, accounts[15], replace(config, tokens=(token,)))


def test_wrong_decimals_are_refused(project, accounts, config, market):
    token = replace(config.token("WETH"), address=str(market.tokens["WETH"].address), decimals=8)

    with pytest.raises(DeploymentError, match="has 18 decimals on chain and 8 in the"):
        deploy_market(project, accounts[15], replace(config, tokens=(token,)))


def test_stale_feed_is_refused(project, accounts, config, market, chain):
    feed = replace(config.token("WETH").feed, address=str(market.feeds["WETH"].address))
    token = replace(config.token("WETH"), feed=feed)
    chain.mine(deltatime=2 * DAY)

    with pytest.raises(DeploymentError, match="the price of WETH is dead"):
        deploy_market(project, accounts[15], replace(config, tokens=(token,)))


def test_feed_out_of_bounds_is_refused_before_the_protocol_is_deployed(
    project, accounts, config, market, chain
):
    feed = replace(config.token("WETH").feed, address=str(market.feeds["WETH"].address))
    feed = replace(feed, price=Decimal(300), lowest=Decimal(200))
    weth = replace(config.token("WETH"), address=str(market.tokens["WETH"].address), feed=feed)
    asset = replace(config.credit_asset, address=str(market.asset.address))
    nonce = accounts[15].nonce

    with pytest.raises(DeploymentError, match="the price of WETH is dead"):
        deploy_market(project, accounts[15], replace(config, credit_asset=asset, tokens=(weth,)))

    assert accounts[15].nonce == nonce


# -- Other markets ---------------------------------------------------------------------------------


def test_tokens_and_feeds_that_stand_are_used(project, accounts, config, market):
    feed = replace(config.token("WETH").feed, address=str(market.feeds["WETH"].address).lower())
    weth = replace(config.token("WETH"), address=str(market.tokens["WETH"].address), feed=feed)
    asset = replace(config.credit_asset, address=str(market.asset.address).lower())

    twin = deploy_market(project, accounts[15], replace(config, credit_asset=asset, tokens=(weth,)))

    assert twin.asset == market.asset
    assert twin.tokens["WETH"] == market.tokens["WETH"]
    assert twin.feeds["WETH"] == market.feeds["WETH"]
    assert twin.pool.address != market.pool.address
    standing = [part.contract for part in twin.manifest.contracts if part.block == 0]
    assert standing == ["ERC20", "ERC20", "AggregatorV3"]


def test_credit_asset_with_a_price_of_its_own(project, accounts, config):
    feed = Feed(Decimal(1), Decimal("0.9"), Decimal("1.1"), 90_000, 18)
    asset = CreditAsset("USDC", 6, feed=feed)

    market = deploy_market(project, accounts[15], replace(config, credit_asset=asset))

    assert market.oracle.QUOTE() == ZERO
    assert tuple(market.oracle.price_of(market.asset)) == (WAD, True)
    assert tuple(market.oracle.feed_of(market.tokens["USDC"]))[0] == market.feeds["USDC"]


# -- Manifest --------------------------------------------------------------------------------------


def test_manifest_names_everything(recorded, config):
    market, _ = recorded
    manifest = market.manifest
    tokens = {f"token.{token.symbol}" for token in config.tokens}
    feeds = {f"feed.{symbol}" for symbol in config.feeds}

    assert {part.name for part in manifest.contracts} == {"asset", *tokens, *feeds, *PARTS}
    assert manifest.config_hash == config.digest
    for part in manifest.contracts:
        assert part.block > 0
        assert len(part.tx_hash) == len(part.code_hash) == 66


def test_manifest_leads_back_to_the_market(project, recorded, folder, config):
    market, lines = recorded
    path = manifest_path(folder, market.manifest.chain_id, config.name)

    found = Market.load(project, path)

    assert Manifest.read(path) == market.manifest
    assert manifests_on(folder, market.manifest.chain_id) == [path]
    assert lines[-1] == f"manifest {path}"
    for name in PARTS:
        assert getattr(found, name) == getattr(market, name)
    assert found.tokens == market.tokens
    assert found.feeds == market.feeds
    assert (found.name, found.quote, found.asset_symbol) == ("demo", "USD", "USDC")


def test_market_is_not_found_on_another_chain(project, recorded):
    market, _ = recorded
    manifest = replace(market.manifest, chain_id=1)

    with pytest.raises(ManifestError, match="is of chain 1, and this is chain"):
        Market.from_manifest(project, manifest)


def test_market_is_not_found_where_no_code_stands(project, recorded):
    market, _ = recorded
    parts = tuple(replace(part, address=STRANGER) for part in market.manifest.contracts)

    with pytest.raises(ManifestError, match="does not stand on this chain"):
        Market.from_manifest(project, replace(market.manifest, contracts=parts))


def test_market_is_not_found_where_other_code_stands(project, recorded):
    market, _ = recorded
    pool = market.manifest.address_of("pool")
    parts = tuple(
        replace(part, address=pool) if part.name == "factory" else part
        for part in market.manifest.contracts
    )

    with pytest.raises(ManifestError, match="does not stand on this chain"):
        Market.from_manifest(project, replace(market.manifest, contracts=parts))


def test_node_is_asked_whether_it_keeps_the_market(project, recorded):
    market, _ = recorded
    is_in_process = project.provider.name == "test"

    assert (market.manifest.node == "") == is_in_process
    assert stands_at_home(market.manifest) != is_in_process
    assert not stands_at_home(replace(market.manifest, node="http://127.0.0.1:9"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "is missing; deploy the market first"),
        ("{", "is no manifest"),
        ("[]", "is no manifest"),
        (json.dumps({"version": 1}), "is no manifest"),
    ],
)
def test_torn_manifest_is_told(tmp_path, text, message):
    path = tmp_path / "demo.json"
    if text is not None:
        path.write_text(text)

    with pytest.raises(ManifestError, match=message):
        Manifest.read(path)


def test_manifest_of_another_version_is_told(tmp_path, recorded):
    market, _ = recorded
    path = replace(market.manifest, version=1).write(tmp_path)

    with pytest.raises(ManifestError, match="has version 1, not 4"):
        Manifest.read(path)


def test_failed_write_leaves_the_manifest_as_it_was(tmp_path, recorded):
    market, _ = recorded
    path = market.manifest.write(tmp_path)

    with pytest.raises(TypeError):
        replace(market.manifest, config_hash=object()).write(tmp_path)

    assert Manifest.read(path) == market.manifest
    assert [file.name for file in path.parent.iterdir()] == ["demo.json"]
