"""Evidence that no vault's assets were ever mixed with another's, or with the house's.

`gathering` takes it from the chain and from the ledger of a market, `proofs` ties it to the root of
the chain's state, `failures` lets each vault in debt fail on a copy of the chain. `examination`
decides what a report shows, from nothing but the report, so that whoever reads it can do the same.
"""
