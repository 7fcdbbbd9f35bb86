"""A deployment that is killed goes on from where it was, and deploys nothing twice."""

from dataclasses import replace
from decimal import Decimal
from unittest.mock import patch

import pytest

from ringfence.deployment import check_site, create_address, deploy_market
from ringfence.deployment.nonces import sent_with
from ringfence.exceptions import DeploymentError, ManifestError
from ringfence.manifest import Manifest
from ringfence.market import PARTS, Market
from tests.python.conftest import DEPLOYER


@pytest.fixture(scope="module")
def transactions(undone_module, project, accounts, config):
    """How many an undisturbed deployment sends, those of other accounts included."""
    before = [it.nonce for it in accounts]
    deploy_market(project, accounts[DEPLOYER], config)
    return sum(it.nonce for it in accounts) - sum(before)


def test_killed_before_and_after_each_step(
    project, deploy, killed, me, accounts, config, path, transactions
):
    first_nonce = me.nonce
    before = sum(it.nonce for it in accounts)

    for _ in range(transactions):
        killed(1, is_sent=False)
        killed(1, is_sent=True)
        assert not Manifest.read(path).is_complete
    market = deploy()

    assert sum(it.nonce for it in accounts) - before == transactions
    assert market.manifest == Manifest.read(path)
    assert market.manifest.is_complete
    assert market.manifest.first_nonce == first_nonce
    for number, part in enumerate(made(market)):
        assert part.address == create_address(me.address, first_nonce + number)
        sent = project.provider.web3.eth.get_transaction(part.tx_hash)
        assert (sent["nonce"], sent["blockNumber"]) == (first_nonce + number, part.block)
    assert_governed(market, accounts, config)


def made(market):
    """Contracts of a market in the order in which they were made."""
    contracts = {part.address: part for part in market.manifest.contracts}
    return contracts.values()


def assert_governed(market, accounts, config):
    roles = config.roles
    assert market.factory.owner() == accounts[roles.owner]
    assert market.oracle.owner() == market.factory.risk_admin() == accounts[roles.risk_admin]
    assert market.factory.guardian() == accounts[roles.guardian]
    assert market.engine.token_count() == len(config.tokens)


def test_what_stands_is_said_to_stand(deploy, killed, path):
    killed(5, is_sent=True)
    lines = []

    deploy(lines)

    standing = [line for line in lines if line.endswith("stands already")]
    assert len(standing) == 5
    assert lines[-1] == f"manifest {path}"


def test_unfinished_market_is_not_found(project, killed, path):
    killed(20, is_sent=False)

    with pytest.raises(ManifestError, match="demo is not finished; run deploy with its"):
        Market.load(project, path)


def test_begins_anew_where_nothing_stands(deploy, killed, me, outsider):
    killed(1, is_sent=False)
    me.transfer(outsider, 1)
    first_nonce = me.nonce

    assert deploy().manifest.first_nonce == first_nonce


def test_transactions_in_between_are_told(deploy, killed, me, outsider):
    killed(3, is_sent=False)
    me.transfer(outsider, 1)

    with pytest.raises(DeploymentError, match="has sent other transactions since the deployment"):
        deploy()
    assert deploy(anew=True).manifest.is_complete


def test_a_contract_of_something_else_is_not_taken(project, deploy, killed, me):
    killed(3, is_sent=False)
    me.deploy(project.MockFeed, 8, 1)

    with pytest.raises(DeploymentError, match="was made of other sources or arguments, or by"):
        deploy()


def test_transactions_after_the_last_contract_do_not_matter(deploy, killed, me, outsider):
    killed(16, is_sent=True)
    me.transfer(outsider, 1)

    assert deploy().manifest.is_complete


def test_another_configuration_does_not_go_on(deploy, killed, config):
    killed(3, is_sent=True)
    other = replace(config, rates=replace(config.rates, full=Decimal("0.8")))

    with pytest.raises(DeploymentError, match=r"unfinished .* with configuration .* --replace"):
        deploy(config=other)


def test_another_deployer_does_not_go_on(deploy, killed, accounts):
    killed(3, is_sent=True)

    with pytest.raises(DeploymentError, match="of an unfinished deployment with deployer 0x"):
        deploy(deployer=accounts[DEPLOYER + 1])


def test_draft_of_a_chain_that_is_gone_is_forgotten(project, deploy, killed, me, config, path):
    killed(3, is_sent=True)
    draft = Manifest.read(path)
    gone = create_address(me.address, 10**6)
    replace(draft, contracts=tuple(replace(part, address=gone) for part in draft.contracts)).write(
        path.parent.parent
    )

    assert check_site(project, me, config, path.parent.parent) is None
    assert deploy().manifest.is_complete


def test_a_deployment_that_cannot_begin_leaves_the_old_manifest(deploy, config, path):
    market = deploy()
    weth = replace(config.token("WETH"), address=str(market.tokens["WETH"].address), decimals=8)

    with pytest.raises(DeploymentError, match="has 18 decimals on chain and 8 in the"):
        deploy(config=replace(config, tokens=(weth,)), anew=True)
    assert Manifest.read(path) == market.manifest


def test_a_contract_that_the_chain_forgot_is_made_again(chain, deploy, killed, path):
    killed(3, is_sent=False)
    snapshot = chain.snapshot()
    killed(1, is_sent=True)
    killed(1, is_sent=False)
    forgotten = Manifest.read(path).contracts[-1]
    chain.restore(snapshot)
    chain.mine()

    market = deploy()

    made_again = market.manifest.part(forgotten.name)
    assert made_again.address == forgotten.address
    assert made_again.block == forgotten.block + 1


def test_draft_notes_where_it_comes_from(killed, path, me):
    first_nonce = me.nonce
    killed(2, is_sent=False)

    draft = Manifest.read(path)

    assert draft.compiler.startswith("vyper 0.4.3")
    assert (draft.deployer, draft.first_nonce) == (me.address, first_nonce)
    assert [part.name for part in draft.contracts] == ["asset"]


def test_waits_for_what_was_sent_before(project, deploy, killed, me):
    killed(3, is_sent=True)
    eth = project.provider.web3.eth
    count, asked = type(eth).get_transaction_count, []

    def late(self, account, *at, **when):
        asked.extend(at)
        return count(self, account, *at, **when) + (at == ("pending",) and asked == ["pending"])

    lines = []
    with (
        patch.object(type(eth), "get_transaction_count", late),
        patch("ringfence.deployment.waiting.sleep"),
    ):
        deploy(lines)

    assert lines[0] == f"waiting for a transaction that {me.address} sent before"


def test_does_not_wait_for_ever(project, deploy, killed, me):
    killed(3, is_sent=True)
    eth = project.provider.web3.eth
    count = type(eth).get_transaction_count

    def stuck(self, account, *at, **when):
        return count(self, account, *at, **when) + (at == ("pending",))

    with (
        patch.object(type(eth), "get_transaction_count", stuck),
        patch("ringfence.deployment.waiting.PATIENCE", 0),
        pytest.raises(DeploymentError, match="was not mined in 0 s; replace it by one with a"),
    ):
        deploy()


# -- What was sent with a nonce --------------------------------------------------------------------


def test_every_transaction_is_found_by_its_nonce(project, me, outsider, chain):
    web3 = project.provider.web3
    nonce = me.nonce
    sent = []
    for gap in (0, 1, 2, 5):
        if gap:
            chain.mine(gap)
        sent.append(me.transfer(outsider, 1))

    for further, receipt in enumerate(sent):
        found = sent_with(web3, me.address, nonce + further)
        assert "0x" + bytes(found["hash"]).hex() == receipt.txn_hash
    with pytest.raises(LookupError, match=f"has sent nothing with nonce {nonce + 4}"):
        sent_with(web3, me.address, nonce + 4)


def test_parts_are_those_of_the_protocol(deploy):
    assert {part.name for part in deploy().manifest.contracts} >= set(PARTS)
