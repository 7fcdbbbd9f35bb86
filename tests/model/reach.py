"""When the last units of a token are worth more than the debt, and so cannot be bought."""

from ringfence.model.fixed_point import WAD
from ringfence.model.health import value_up
from ringfence.model.liquidation import affordable


def is_out_of_reach(case, terms, asset, crumb=0):
    """Whether the debt is worth less than one unit of each token that could be seized, tokens of
    which there is no more than a crumb left out. [WAD]
    """
    values = case.collateral_value, case.debt_value
    reward = affordable(terms.max_bonus, terms.min_bonus, *values)
    reach = case.debt_value * (WAD + reward) // WAD
    seizable = [held for held in case.holdings if held.is_live and held.value() > crumb]
    return all(
        reach < value_up(1, holding.price, holding.decimals) + 1
        for holding in seizable
        if holding.token != asset
    )
