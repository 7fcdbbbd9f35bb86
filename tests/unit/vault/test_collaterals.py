def test_are_none_at_first(vault):
    assert vault.collaterals() == []


def test_are_in_the_order_of_their_listing(vault, market, owner):
    tokens = list(market.tokens.values())
    for token in reversed(tokens):
        vault.enable_collateral(token, sender=owner)

    assert vault.collaterals() == [token.address for token in tokens]


def test_may_be_sixteen(vault, list_token, owner):
    tokens = [list_token(f"T{number}") for number in range(16)]
    for token in tokens:
        vault.enable_collateral(token, sender=owner)

    assert vault.collaterals() == [token.address for token in tokens]
