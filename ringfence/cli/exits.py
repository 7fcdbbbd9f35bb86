"""With which code a command ends: one table for all of them."""

OK = 0
FAILED = 1  # refused by the chain or by a rule, or not confirmed
USAGE = 2  # not understood
RECONCILIATION_BREAK = 10  # accounts do not agree
UNDER_MARGINED = 11  # a vault that was looked at can be liquidated
PROOF_MISMATCH = 12  # a proof does not prove what it says
STALE_PRICE = 13  # a price that matters is dead
