# pragma version 0.4.3
"""
@title Mock Token
@license AGPL-3.0-only
@author The Ringfence authors
@notice ERC-20 that anyone may mint and that misbehaves on request.
"""

from ethereum.ercs import IERC20


interface Hooked:
    def on_token(sender: address, receiver: address, amount: uint256): nonpayable


RETURNS_NOTHING: constant(uint256) = 1
RETURNS_FALSE: constant(uint256) = 2
REVERTS: constant(uint256) = 4
HIDES_BALANCES: constant(uint256) = 8
BURNS_GAS: constant(uint256) = 16
LIES_ABOUT_BALANCES: constant(uint256) = 32

name: public(String[32])
symbol: public(String[16])
decimals: public(uint8)
totalSupply: public(uint256)
allowance: public(HashMap[address, HashMap[address, uint256]])

quirks: public(uint256)  # sum of the constants above
fee: public(uint256)  # [WAD] of a transfer, burned
hook: public(address)  # called after each transfer
is_blocked: public(HashMap[address, bool])
claimed_balance: public(uint256)  # [token] told to everybody by a liar
_balances: HashMap[address, uint256]


@deploy
def __init__(name: String[32], symbol: String[16], decimals: uint8):
    self.name = name
    self.symbol = symbol
    self.decimals = decimals


@external
def mint(receiver: address, amount: uint256):
    self.totalSupply += amount
    self._balances[receiver] += amount
    log IERC20.Transfer(sender=empty(address), receiver=receiver, value=amount)


@external
def rebase(holder: address, balance: uint256):
    self.totalSupply = self.totalSupply - self._balances[holder] + balance
    self._balances[holder] = balance


@external
def set_quirks(quirks: uint256):
    self.quirks = quirks


@external
def set_fee(fee: uint256):
    self.fee = fee


@external
def set_hook(hook: address):
    self.hook = hook


@external
def set_blocked(account: address, is_blocked: bool):
    self.is_blocked[account] = is_blocked


@external
def set_claimed_balance(balance: uint256):
    self.claimed_balance = balance


@external
def approve(spender: address, amount: uint256) -> bool:
    self.allowance[msg.sender][spender] = amount
    log IERC20.Approval(owner=msg.sender, spender=spender, value=amount)
    return True


@external
@raw_return
def transfer(receiver: address, amount: uint256) -> Bytes[32]:
    return self._move(msg.sender, receiver, amount)


@external
@raw_return
def transferFrom(owner: address, receiver: address, amount: uint256) -> Bytes[32]:
    if self.allowance[owner][msg.sender] != max_value(uint256):
        assert self.allowance[owner][msg.sender] >= amount, "token: allowance too low"
        self.allowance[owner][msg.sender] -= amount
    return self._move(owner, receiver, amount)


@external
@view
def balanceOf(owner: address) -> uint256:
    if self.quirks & BURNS_GAS != 0:
        for _: uint256 in range(1_000_000):
            assert keccak256(abi_encode(owner, block.timestamp)) != empty(bytes32)
    assert self.quirks & HIDES_BALANCES == 0, "token: balances hidden"
    if self.quirks & LIES_ABOUT_BALANCES != 0:
        return self.claimed_balance
    return self._balances[owner]


@internal
def _move(owner: address, receiver: address, amount: uint256) -> Bytes[32]:
    assert self.quirks & REVERTS == 0, "token: transfers stopped"
    assert not self.is_blocked[owner] and not self.is_blocked[receiver], "token: blocked"
    if self.quirks & RETURNS_FALSE != 0:
        return abi_encode(False)

    assert self._balances[owner] >= amount, "token: balance too low"
    burned: uint256 = amount * self.fee // 10**18
    self.totalSupply -= burned
    self._balances[owner] -= amount
    self._balances[receiver] += amount - burned
    log IERC20.Transfer(sender=owner, receiver=receiver, value=amount - burned)
    if self.hook != empty(address):
        extcall Hooked(self.hook).on_token(owner, receiver, amount)
    if self.quirks & RETURNS_NOTHING != 0:
        return b""
    return abi_encode(True)
