# pragma version 0.4.3
"""
@title Mock Forger
@license AGPL-3.0-only
@author The Ringfence authors
@notice Token that tells of transfers which never happened; nobody holds any of it.
"""

from ethereum.ercs import IERC20


@external
def forge(sender: address, receiver: address, amount: uint256):
    log IERC20.Transfer(sender=sender, receiver=receiver, value=amount)


@external
@view
def balanceOf(owner: address) -> uint256:
    return 0
