"""The protocol in exact integers, without a chain: what the contracts must do, to the wei.

Each file says which contract file it mirrors, each method has the name of its function; `sender`
and `chain.now` stand for `msg.sender` and `block.timestamp`. What a contract would revert with is
raised as `Refused`, with the same reason. `MarginLens.vy` and `permit` have no mirror: they decide
nothing.
"""
