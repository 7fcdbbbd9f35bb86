# pragma version 0.4.3
"""
@title Mock Actor
@license AGPL-3.0-only
@author The Ringfence authors
@notice Account that does several things in one transaction, and more when a token or a vault calls
        it back. Each outcome is logged.
"""

MAX_CALL: constant(uint256) = 1540


struct Action:
    target: address
    call: Bytes[MAX_CALL]


event Acted:
    position: uint256
    success: bool
    response: Bytes[512]


event Called:
    vault: address
    token: address
    seized: uint256
    payment: uint256
    data: Bytes[1024]


reactions: DynArray[Action, 8]
least_gas: uint256  # with less it does not react
is_reacting: bool


@external
def run(actions: DynArray[Action, 8]):
    """
    @notice Do all of `actions` in one transaction; fail if one of them does.
    """
    position: uint256 = 0
    for action: Action in actions:
        response: Bytes[512] = raw_call(action.target, action.call, max_outsize=512)
        log Acted(position=position, success=True, response=response)
        position += 1


@external
def set_reactions(actions: DynArray[Action, 8]):
    """
    @notice Do these at the next callback, whether they succeed or not.
    """
    self.reactions = actions


@external
def set_least_gas(least_gas: uint256):
    """
    @notice React only with that much gas: what it does with less is a matter of each unit.
    """
    self.least_gas = least_gas


@external
def on_token(sender: address, receiver: address, amount: uint256):
    self._react()


@external
def on_liquidate(
    vault: address, token: address, seized: uint256, payment: uint256, data: Bytes[1024]
):
    log Called(vault=vault, token=token, seized=seized, payment=payment, data=data)
    self._react()


@internal
def _react():
    if self.is_reacting or msg.gas < self.least_gas:
        return
    self.is_reacting = True
    position: uint256 = 0
    for action: Action in self.reactions:
        success: bool = False
        response: Bytes[512] = b""
        success, response = raw_call(
            action.target, action.call, max_outsize=512, revert_on_failure=False
        )
        log Acted(position=position, success=success, response=response)
        position += 1
    self.is_reacting = False
