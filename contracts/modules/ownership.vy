# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Ownership
@license AGPL-3.0-only
@author The Ringfence authors
@notice One owner, who hands over in two steps and cannot walk away by accident.
"""

from ..interfaces import IOwnership

owner: public(address)
pending_owner: public(address)


@deploy
def __init__(owner: address):
    assert owner != empty(address), "ownership: zero owner"
    self.owner = owner
    log IOwnership.OwnershipTransferred(previous_owner=empty(address), new_owner=owner)


@external
def transfer_ownership(new_owner: address):
    """
    @notice Offer ownership to `new_owner`, who must accept it.
    @param new_owner Candidate; the zero address withdraws an offer.
    """
    self.check_owner()
    self.pending_owner = new_owner
    log IOwnership.OwnershipOffered(owner=msg.sender, candidate=new_owner)


@external
def accept_ownership():
    """
    @notice Take over the ownership offered to the caller.
    """
    assert msg.sender == self.pending_owner, "ownership: not the candidate"
    log IOwnership.OwnershipTransferred(previous_owner=self.owner, new_owner=msg.sender)
    self.owner = msg.sender
    self.pending_owner = empty(address)


@internal
@view
def check_owner():
    assert msg.sender == self.owner, "ownership: not the owner"
