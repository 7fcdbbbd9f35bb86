# pragma version 0.4.3
"""
@title Mock Observer
@license AGPL-3.0-only
@author The Ringfence authors
@notice Reads many contracts in one call, so that all answers are of one block and one second.
"""

MAX_LOOKS: constant(uint256) = 128


struct Look:
    target: address
    call: Bytes[68]


@external
@view
def observe(looks: DynArray[Look, MAX_LOOKS]) -> (uint256, DynArray[Bytes[384], MAX_LOOKS]):
    """
    @notice Return the time of the block, and what each contract answers.
    """
    answers: DynArray[Bytes[384], MAX_LOOKS] = []
    for look: Look in looks:
        answers.append(raw_call(look.target, look.call, max_outsize=384, is_static_call=True))
    return block.timestamp, answers
