"""A market's books, kept from its events and from every transfer of its vaults' tokens.

`node` asks a chain for logs, `store` keeps them, `follower` brings the store up to date, `fold`
makes of them what each vault holds and owes. What was logged is kept as it was; all else follows.
"""
