# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Vault Slots
@license AGPL-3.0-only
@author The Ringfence authors
@notice What a vault stores: two slots. `identity` keeps a third while the vault is offered to
        another owner. No quantity of any token is among it.
@dev `identity` and `margin_state` share them, because what is read together lies together.
"""

from ..math import packing

OWNER_MASK: constant(uint256) = 2**160 - 1
CLASS_SHIFT: constant(uint256) = 160
CLASS_MASK: constant(uint256) = 2**8 - 1
MASK_SHIFT: constant(uint256) = 168  # 88 bits are left: as many tokens as the engine lists

_account: uint256  # owner 160 bits, fund class 8, enabled collateral 88
_debt: uint256  # scaled debt [asset / index], end of the hold [unix s]


# -- Reading ---------------------------------------------------------------------------------------


@internal
@view
def is_blank() -> bool:
    return self._account == 0


@internal
@view
def owner() -> address:
    return convert(self._account & OWNER_MASK, address)


@internal
@view
def fund_class() -> uint256:
    return (self._account >> CLASS_SHIFT) & CLASS_MASK


@internal
@view
def mask() -> uint256:
    return self._account >> MASK_SHIFT


@internal
@view
def scaled_debt() -> uint256:
    return packing.low_half(self._debt)


@internal
@view
def hold_until() -> uint256:
    return packing.high_half(self._debt)


# -- Writing ---------------------------------------------------------------------------------------


@internal
def set_identity(owner: address, fund_class: uint256):
    """
    @dev The collateral stays as it is.
    """
    self._account = (
        convert(owner, uint256) | (fund_class << CLASS_SHIFT) | (self.mask() << MASK_SHIFT)
    )


@internal
def set_mask(mask: uint256):
    self._account = (self._account & (OWNER_MASK | (CLASS_MASK << CLASS_SHIFT))) | (
        mask << MASK_SHIFT
    )


@internal
def set_scaled_debt(scaled_debt: uint256):
    self._debt = packing.pack(scaled_debt, self.hold_until())


@internal
def set_hold(until: uint256):
    self._debt = packing.pack(self.scaled_debt(), until)
