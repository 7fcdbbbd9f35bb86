"""No record of a market is lost to another deployment, and no contract made where none looks."""

from dataclasses import replace
from unittest.mock import PropertyMock, patch

import pytest
from web3.exceptions import Web3Exception

from ringfence.carried import origin_of
from ringfence.deployment.record import Record
from ringfence.exceptions import DeploymentError
from ringfence.manifest import Manifest

NOWHERE = "0x" + 64 * "1"


@pytest.fixture
def record(project, config, me, tmp_path):
    return Record(project.provider, tmp_path, config, me.address, origin_of(project))


@pytest.fixture
def live():
    """Treat the chain as one that others rely on, as a testnet is."""
    with patch.object(Record, "_is_local", False):
        yield


@pytest.fixture
def rewrite(path, tmp_path):
    """Change the manifest that was written."""
    return lambda **changes: replace(Manifest.read(path), **changes).write(tmp_path)


# -- What is noted already -------------------------------------------------------------------------


def test_a_market_that_stands_is_not_deployed_again(deploy, me):
    deploy()
    nonce = me.nonce

    with pytest.raises(DeploymentError, match="market demo stands already on chain"):
        deploy()
    assert me.nonce == nonce


@pytest.mark.parametrize("text", ["", "{", "<<<<<<< HEAD", '{"version": 99, "contracts": []}'])
def test_what_cannot_be_read_is_not_overwritten(deploy, path, text):
    path.parent.mkdir()
    path.write_text(text)

    with pytest.raises(DeploymentError, match=r"may tell where money is: look at it, .* --replace"):
        deploy()
    assert path.read_text() == text


def test_the_record_of_another_chain_is_kept(deploy, rewrite, live):
    deploy()
    rewrite(genesis=NOWHERE)

    with pytest.raises(DeploymentError, match="is the record of another chain with the same id"):
        deploy()


def test_the_record_of_a_local_chain_that_ended_is_not(deploy, rewrite):
    deploy()
    rewrite(genesis=NOWHERE, node="")

    assert deploy().manifest.genesis != NOWHERE


def test_a_market_that_cannot_be_seen_is_kept(deploy, rewrite, path, live):
    """A node may lag behind."""
    deploy()
    known = Manifest.read(path)
    rewrite(contracts=tuple(replace(it, code_hash=NOWHERE) for it in known.contracts))

    with pytest.raises(DeploymentError, match="is of a market that does not stand on this chain"):
        deploy()


def test_a_draft_that_cannot_be_seen_goes_on(killed, record, path, live):
    killed(5, is_sent=True)

    with patch("ringfence.deployment.record.code_hash", lambda *_: NOWHERE):
        assert record.draft() == Manifest.read(path)


@pytest.mark.parametrize("what", ["commit", "compiler", "sources"])
def test_other_sources_do_not_go_on(deploy, killed, rewrite, what):
    killed(3, is_sent=True)
    rewrite(**{what: "another"})

    with pytest.raises(DeploymentError, match=rf"unfinished deployment with .*{what} another"):
        deploy()


def test_an_account_deploys_one_market_at_a_time(deploy, killed, config):
    killed(1, is_sent=True)

    with pytest.raises(DeploymentError, match="unfinished deployment of demo by the same account"):
        deploy(config=replace(config, name="second"))


def test_one_run_at_a_time(deploy, record, me):
    nonce = me.nonce

    with record.held(), pytest.raises(DeploymentError, match="another run is deploying into"):
        deploy()
    assert me.nonce == nonce


# -- What is sent ----------------------------------------------------------------------------------


def test_a_node_that_lags_behind_is_told(deploy, killed, me):
    killed(5, is_sent=True)
    behind = me.nonce - 2

    with (
        patch.object(type(me), "nonce", PropertyMock(return_value=behind)),
        pytest.raises(DeploymentError, match="lags behind, or the chain has replaced blocks"),
    ):
        deploy()


def test_nothing_is_made_at_another_place(deploy, me, outsider):
    """Something else of the account is mined just before a contract would be."""
    make, nonce = type(me).deploy, me.nonce

    def late(account, *args, **kwargs):
        account.transfer(outsider, 1)
        return make(account, *args, **kwargs)

    with patch.object(type(me), "deploy", late), pytest.raises(Exception, match="nonce|Nonce"):
        deploy()
    assert me.nonce == nonce + 1


def test_a_noted_transaction_that_was_replaced(deploy, killed, rewrite, path):
    killed(5, is_sent=True)
    known = Manifest.read(path).contracts
    rewrite(contracts=tuple(replace(it, tx_hash=NOWHERE) for it in known))

    assert NOWHERE not in {part.tx_hash for part in deploy().manifest.contracts}


def test_a_node_that_forgets_old_states_is_told(deploy, killed):
    killed(3, is_sent=True)

    def missing(*_):
        raise Web3Exception("missing trie node")

    with (
        patch("ringfence.deployment.site.sent_with", missing),
        pytest.raises(DeploymentError, match="missing trie node; run the command again on a node"),
    ):
        deploy()


def test_a_contract_that_the_node_does_not_show_is_not_noted(deploy, project, path):
    with (
        patch.object(type(project.provider), "get_code", lambda *_, **__: b""),
        pytest.raises(DeploymentError, match="was mined and the node does not show it at"),
    ):
        deploy()
    assert Manifest.read(path).contracts == ()
