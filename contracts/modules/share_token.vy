# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Share Token
@license AGPL-3.0-only
@author The Ringfence authors
@notice ERC-20 shares with EIP-2612 permit.
@dev The host decides what `transfer`, `balanceOf` and `totalSupply` mean outside; here are the
     books of the shares that are issued, at most 2**128 - 1 of them.
"""

from ethereum.ercs import IERC20
from snekmate.utils import ecdsa
from snekmate.utils import eip712_domain_separator

initializes: eip712_domain_separator

MAX_SUPPLY: constant(uint256) = 2**128 - 1
PERMIT_TYPE: constant(bytes32) = keccak256(
    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
)

name: public(immutable(String[25]))
symbol: public(immutable(String[16]))
decimals: public(immutable(uint8))

issued: HashMap[address, uint256]  # [share]
allowance: public(HashMap[address, HashMap[address, uint256]])  # owner -> spender -> [share]
nonces: public(HashMap[address, uint256])


@deploy
def __init__(name_: String[25], symbol_: String[16], decimals_: uint8):
    eip712_domain_separator.__init__(name_, "1")
    name = name_
    symbol = symbol_
    decimals = decimals_


@external
def approve(spender: address, amount: uint256) -> bool:
    """
    @notice Let `spender` move up to `amount` of the caller's shares; the maximum never runs out.
    @param spender Account that may move shares.
    @param amount Allowance that replaces the one before. [share]
    @return Always true.
    """
    self._approve(msg.sender, spender, amount)
    return True


@external
def permit(
    owner: address,
    spender: address,
    amount: uint256,
    deadline: uint256,
    v: uint8,
    r: bytes32,
    s: bytes32,
):
    """
    @notice Approve by a signature of `owner` over EIP-712 data, as EIP-2612 has it.
    @param owner Account that signed.
    @param spender Account that may move shares.
    @param amount Allowance that replaces the one before. [share]
    @param deadline Last moment at which the signature is good. [unix s]
    @param v Recovery id of the signature.
    @param r First half of the signature.
    @param s Second half of the signature.
    """
    assert block.timestamp <= deadline, "share: permit expired"

    nonce: uint256 = self.nonces[owner]
    self.nonces[owner] = nonce + 1
    digest: bytes32 = eip712_domain_separator._hash_typed_data_v4(
        keccak256(abi_encode(PERMIT_TYPE, owner, spender, amount, nonce, deadline))
    )
    signer: address = ecdsa._recover_vrs(
        digest, convert(v, uint256), convert(r, uint256), convert(s, uint256)
    )
    assert signer == owner and owner != empty(address), "share: invalid signature"
    self._approve(owner, spender, amount)


@external
@view
def DOMAIN_SEPARATOR() -> bytes32:
    """
    @notice Return the EIP-712 domain separator of this token on this chain.
    @return Domain separator.
    """
    return eip712_domain_separator._domain_separator_v4()


@internal
def move(owner: address, receiver: address, amount: uint256):
    assert receiver != empty(address), "share: zero receiver"
    assert self.issued[owner] >= amount, "share: balance too low"
    self.issued[owner] -= amount
    self.issued[receiver] += amount
    log IERC20.Transfer(sender=owner, receiver=receiver, value=amount)


@internal
def mint(receiver: address, amount: uint256):
    assert receiver != empty(address), "share: zero receiver"
    self.issued[receiver] += amount
    log IERC20.Transfer(sender=empty(address), receiver=receiver, value=amount)


@internal
def burn(owner: address, amount: uint256):
    assert self.issued[owner] >= amount, "share: balance too low"
    self.issued[owner] -= amount
    log IERC20.Transfer(sender=owner, receiver=empty(address), value=amount)


@internal
def spend_allowance(owner: address, spender: address, amount: uint256):
    """
    @dev The owner needs no allowance; the largest one is never used up.
    """
    if owner == spender:
        return
    allowed: uint256 = self.allowance[owner][spender]
    if allowed == max_value(uint256):
        return
    assert allowed >= amount, "share: allowance too low"
    self.allowance[owner][spender] = allowed - amount


@internal
def _approve(owner: address, spender: address, amount: uint256):
    self.allowance[owner][spender] = amount
    log IERC20.Approval(owner=owner, spender=spender, value=amount)
