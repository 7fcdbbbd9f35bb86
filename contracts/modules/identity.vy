# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Identity
@license AGPL-3.0-only
@author The Ringfence authors
@notice Whose a vault is, of which fund class, and until when the compliance officer holds it.
@dev One slot: owner (160 bits), fund class (8), end of the hold (64).
"""

from ..interfaces import IVault
from ..interfaces import IVaultFactory

CLIENT: constant(uint256) = 1
HOUSE: constant(uint256) = 2
MAX_HOLD: constant(uint256) = 2_592_000  # [s] 30 days

OWNER_MASK: constant(uint256) = 2**160 - 1
CLASS_SHIFT: constant(uint256) = 160
HOLD_SHIFT: constant(uint256) = 168

FACTORY: public(immutable(address))

_identity: uint256
_pending_owner: address


@deploy
def __init__(factory: address):
    """
    @dev The implementation owns itself, so nobody can ever initialise it.
    """
    FACTORY = factory
    self._store(self, 0, 0)


# -- Opening ---------------------------------------------------------------------------------------


@external
def initialize(owner: address, fund_class: uint256):
    """
    @notice Make a fresh vault its owner's; the factory does so in the transaction that creates it.
    @param owner First owner.
    @param fund_class 1 client, 2 house; never changes.
    """
    assert msg.sender == FACTORY, "vault: not the factory"
    assert self._identity == 0, "vault: initialised before"

    self._store(owner, fund_class, 0)
    log IVault.OwnershipTransferred(previous_owner=empty(address), new_owner=owner)


# -- Owner -----------------------------------------------------------------------------------------


@external
def transfer_ownership(new_owner: address):
    """
    @notice Offer the vault, with all that is in it, to `new_owner`, who must accept it.
    @param new_owner Candidate; the zero address withdraws an offer.
    """
    self.check_owner()
    self._pending_owner = new_owner
    log IVault.OwnershipOffered(owner=msg.sender, candidate=new_owner)


@external
def accept_ownership():
    """
    @notice Take over the vault offered to the caller.
    @dev A house vault passes only to the owner of the factory, a client vault never: the fund
         class stays true.
    """
    assert msg.sender == self._pending_owner, "vault: not the candidate"
    is_house: bool = msg.sender == staticcall IVaultFactory(FACTORY).owner()
    assert is_house == (self._class() == HOUSE), "vault: another fund class"

    log IVault.OwnershipTransferred(previous_owner=self.owner_now(), new_owner=msg.sender)
    self._store(msg.sender, self._class(), self._hold_until())
    self._pending_owner = empty(address)


# -- Compliance officer ----------------------------------------------------------------------------


@external
def place_hold(reason: bytes32, until: uint256):
    """
    @notice Forbid withdrawing from and borrowing in this vault for a while; nothing else.
    @param reason Hash of the order that demands it.
    @param until End of the hold, at most 30 days from now; it replaces the present one. [unix s]
    """
    self._check_officer()
    assert until > block.timestamp, "vault: hold in the past"
    assert until <= block.timestamp + MAX_HOLD, "vault: hold above 30 days"

    self._store(self.owner_now(), self._class(), until)
    log IVault.HeldByOfficer(officer=msg.sender, reason=reason, until=until)


@external
def release_hold():
    """
    @notice End the hold before its time.
    """
    self._check_officer()
    assert self._hold_until() >= block.timestamp, "vault: not on hold"

    self._store(self.owner_now(), self._class(), 0)
    log IVault.HoldReleased(officer=msg.sender)


# -- Views -----------------------------------------------------------------------------------------


@external
@view
@reentrant
def owner() -> address:
    """
    @notice Return the owner, the only account that can take tokens out while health is fine.
    @return Owner.
    """
    return self.owner_now()


@external
@view
@reentrant
def pending_owner() -> address:
    """
    @notice Return the candidate to whom the vault is offered.
    @return Candidate; zero for none.
    """
    return self._pending_owner


@external
@view
@reentrant
def fund_class() -> uint256:
    """
    @notice Return whose kind of money this is.
    @return 1 client, 2 house.
    """
    return self._class()


@external
@view
@reentrant
def hold_until() -> uint256:
    """
    @notice Return the end of the compliance officer's hold.
    @return Time, in the past or 0 if the vault is not on hold. [unix s]
    """
    return self._hold_until()


# -- For the host ----------------------------------------------------------------------------------


@internal
@view
def owner_now() -> address:
    return convert(self._identity & OWNER_MASK, address)


@internal
@view
def check_owner():
    assert msg.sender == self.owner_now(), "vault: not the owner"


@internal
@view
def check_no_hold():
    assert self._hold_until() < block.timestamp, "vault: on hold"


# -- Internals -------------------------------------------------------------------------------------


@internal
@view
def _class() -> uint256:
    return (self._identity >> CLASS_SHIFT) & 255


@internal
@view
def _hold_until() -> uint256:
    return self._identity >> HOLD_SHIFT


@internal
@view
def _check_officer():
    officer: address = staticcall IVaultFactory(FACTORY).compliance_officer()
    assert msg.sender == officer, "vault: not the officer"


@internal
def _store(owner: address, fund_class: uint256, hold_until: uint256):
    self._identity = (
        convert(owner, uint256) | (fund_class << CLASS_SHIFT) | (hold_until << HOLD_SHIFT)
    )
