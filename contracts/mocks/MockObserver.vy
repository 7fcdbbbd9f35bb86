# pragma version 0.4.3
"""
@title Mock Observer
@license AGPL-3.0-only
@author The Ringfence authors
@notice Reads many contracts in one call, so that all answers are of one block and one second.
"""

MAX_LOOKS: constant(uint256) = 128
MAX_ANSWERS: constant(uint256) = 512


struct Look:
    target: address
    call: Bytes[68]


struct Group:
    targets: DynArray[address, 32]
    calls: DynArray[Bytes[36], 48]


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


@external
@view
def census(groups: DynArray[Group, 8]) -> (uint256, DynArray[Bytes[352], MAX_ANSWERS]):
    """
    @notice Return the time of the block, and what each target of a group answers to each call of
            it; a refusal answers what it reverts with.
    """
    answers: DynArray[Bytes[352], MAX_ANSWERS] = []
    for group: Group in groups:
        for target: address in group.targets:
            for call: Bytes[36] in group.calls:
                success: bool = False
                answer: Bytes[352] = b""
                success, answer = raw_call(
                    target, call, max_outsize=352, is_static_call=True, revert_on_failure=False
                )
                answers.append(answer)
    return block.timestamp, answers
