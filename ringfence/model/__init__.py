"""The protocol in exact integers, without a chain: what the contracts must do, to the wei.

Each file mirrors the contract file of the same name, each method the function of the same name;
`sender` and `chain.now` stand for `msg.sender` and `block.timestamp`. What a contract would revert
with is raised as `Refused`, with the same reason.
"""
