"""`permit`: an approval by signature, as EIP-2612 has it."""

import ape
import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak

from tests.steps import DAY, MAX, ZERO, event

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141  # of secp256k1
TYPES = {
    "Permit": [
        {"name": "owner", "type": "address"},
        {"name": "spender", "type": "address"},
        {"name": "value", "type": "uint256"},
        {"name": "nonce", "type": "uint256"},
        {"name": "deadline", "type": "uint256"},
    ]
}


@pytest.fixture
def typed(pool, chain, lender, outsider):
    """What is signed, with some parts changed."""

    def encode(domain=None, **changes):
        domain = {
            "name": "Ringfence test USDC",
            "version": "1",
            "chainId": chain.chain_id,
            "verifyingContract": pool.address,
        } | (domain or {})
        message = {
            "owner": lender.address,
            "spender": outsider.address,
            "value": 5,
            "nonce": 0,
            "deadline": MAX,
        }
        return encode_typed_data(domain, TYPES, message | changes)

    return encode


@pytest.fixture
def sign(typed, lender):
    """The lender's signature, as `permit` takes it."""

    def act(domain=None, signer=lender, **changes):
        signed = Account.sign_message(typed(domain, **changes), signer.private_key)
        return signed.v, signed.r.to_bytes(32), signed.s.to_bytes(32)

    return act


def test_approves(pool, lender, outsider, owner, sign):
    receipt = pool.permit(lender, outsider, 5, MAX, *sign(), sender=owner)

    log = event(receipt, pool.Approval)
    assert (log.owner, log.spender, log.value) == (lender, outsider, 5)
    assert pool.allowance(lender, outsider) == 5
    assert pool.nonces(lender) == 1


def test_replaces_the_allowance_before(pool, lender, outsider, sign):
    pool.approve(outsider, 100, sender=lender)

    pool.permit(lender, outsider, 5, MAX, *sign(), sender=outsider)

    assert pool.allowance(lender, outsider) == 5


def test_each_signature_has_its_nonce(pool, lender, outsider, sign):
    pool.permit(lender, outsider, 5, MAX, *sign(), sender=outsider)

    pool.permit(lender, outsider, 9, MAX, *sign(value=9, nonce=1), sender=outsider)

    assert pool.allowance(lender, outsider) == 9
    assert pool.nonces(lender) == 2


def test_the_domain_is_this_token_on_this_chain(pool, typed):
    signable = typed()

    assert pool.DOMAIN_SEPARATOR() == signable.header
    assert signable.header == keccak(
        keccak(
            text="EIP712Domain(string name,string version,uint256 chainId,"
            "address verifyingContract)"
        )
        + keccak(text="Ringfence test USDC")
        + keccak(text="1")
        + ape.chain.chain_id.to_bytes(32)
        + bytes(12)
        + bytes.fromhex(pool.address[2:])
    )


def test_is_good_in_the_last_second(chain, pool, lender, outsider, sign):
    deadline = chain.pending_timestamp + DAY

    chain.pending_timestamp = deadline
    pool.permit(lender, outsider, 5, deadline, *sign(deadline=deadline), sender=outsider)

    assert pool.allowance(lender, outsider) == 5


def test_reverts_one_second_later(chain, pool, lender, outsider, sign):
    deadline = chain.pending_timestamp + DAY

    chain.pending_timestamp = deadline + 1
    with ape.reverts("share: permit expired"):
        pool.permit(lender, outsider, 5, deadline, *sign(deadline=deadline), sender=outsider)


def test_reverts_on_replay(pool, lender, outsider, sign):
    signature = sign()
    pool.permit(lender, outsider, 5, MAX, *signature, sender=outsider)

    with ape.reverts("share: invalid signature"):
        pool.permit(lender, outsider, 5, MAX, *signature, sender=outsider)


def test_reverts_for_another_signer(pool, lender, outsider, sign):
    with ape.reverts("share: invalid signature"):
        pool.permit(lender, outsider, 5, MAX, *sign(signer=outsider), sender=outsider)


@pytest.mark.parametrize("changes", [{"value": 6}, {"nonce": 1}, {"deadline": MAX - 1}])
def test_reverts_for_other_words_than_signed(pool, lender, outsider, sign, changes):
    with ape.reverts("share: invalid signature"):
        pool.permit(lender, outsider, 5, MAX, *sign(**changes), sender=outsider)


@pytest.mark.parametrize(
    "domain", [{"chainId": 1}, {"version": "2"}, {"name": "x"}, {"verifyingContract": ZERO}]
)
def test_reverts_for_another_domain(pool, lender, outsider, sign, domain):
    with ape.reverts("share: invalid signature"):
        pool.permit(lender, outsider, 5, MAX, *sign(domain), sender=outsider)


def test_reverts_for_another_spender(pool, lender, outsider, owner, sign):
    with ape.reverts("share: invalid signature"):
        pool.permit(lender, owner, 5, MAX, *sign(), sender=owner)


def test_reverts_for_the_other_s(pool, lender, outsider, sign):
    v, r, s = sign()
    mirrored = ORDER - int.from_bytes(s)

    with ape.reverts("ecdsa: invalid signature `s` value"):
        pool.permit(lender, outsider, 5, MAX, 55 - v, r, mirrored.to_bytes(32), sender=outsider)


@pytest.mark.parametrize("v", [0, 1, 26, 29, 255])
def test_reverts_for_another_v(pool, lender, outsider, sign, v):
    _, r, s = sign()

    with ape.reverts("ecdsa: invalid signature"):
        pool.permit(lender, outsider, 5, MAX, v, r, s, sender=outsider)


def test_reverts_for_no_owner(pool, outsider):
    # what recovers to nobody must not speak for the zero address
    with ape.reverts("ecdsa: invalid signature"):
        pool.permit(ZERO, outsider, 5, MAX, 27, bytes(32), bytes(32), sender=outsider)
