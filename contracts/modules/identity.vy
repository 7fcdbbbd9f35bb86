# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Identity
@license AGPL-3.0-only
@author The Ringfence authors
@notice Whose a vault is, of which fund class, and until when the compliance officer holds it.
@dev Stored in `vault_slots`.
"""

from ..interfaces import IVault
from ..interfaces import IVaultFactory
from . import vault_slots as slots

uses: slots

CLIENT: constant(uint256) = 1
HOUSE: constant(uint256) = 2
MAX_HOLD: constant(uint256) = 2_592_000  # [s] 30 days

FACTORY: public(immutable(address))

_pending_owner: address


@deploy
def __init__(factory: address):
    """
    @dev The implementation owns itself, so nobody can ever initialise it.
    """
    FACTORY = factory
    slots.set_identity(self, 0)


# -- Opening ---------------------------------------------------------------------------------------


@external
def initialize(owner: address, fund_class: uint256):
    """
    @notice Make a fresh vault its owner's; the factory does so in the transaction that creates it.
    @param owner First owner.
    @param fund_class 1 client, 2 house; never changes.
    """
    assert msg.sender == FACTORY, "vault: not the factory"
    assert slots.is_blank(), "vault: initialised before"

    slots.set_identity(owner, fund_class)
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
    assert is_house == (slots.fund_class() == HOUSE), "vault: another fund class"

    log IVault.OwnershipTransferred(previous_owner=slots.owner(), new_owner=msg.sender)
    slots.set_identity(msg.sender, slots.fund_class())
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

    slots.set_hold(until)
    log IVault.HeldByOfficer(officer=msg.sender, reason=reason, until=until)


@external
def release_hold():
    """
    @notice End the hold before its time.
    """
    self._check_officer()
    assert slots.hold_until() >= block.timestamp, "vault: not on hold"

    slots.set_hold(0)
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
    return slots.owner()


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
    return slots.fund_class()


@external
@view
@reentrant
def hold_until() -> uint256:
    """
    @notice Return the end of the compliance officer's hold.
    @return Time, in the past or 0 if the vault is not on hold. [unix s]
    """
    return slots.hold_until()


# -- For the host ----------------------------------------------------------------------------------


@internal
@view
def check_owner():
    assert msg.sender == slots.owner(), "vault: not the owner"


@internal
@view
def check_no_hold():
    assert slots.hold_until() < block.timestamp, "vault: on hold"


# -- Internals -------------------------------------------------------------------------------------


@internal
@view
def _check_officer():
    officer: address = staticcall IVaultFactory(FACTORY).compliance_officer()
    assert msg.sender == officer, "vault: not the officer"
