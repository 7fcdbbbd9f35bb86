# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Survey
@license AGPL-3.0-only
@author The Ringfence authors
@notice Counts what a vault holds and owes, at the prices and weights of the moment.
@dev Nothing here reverts because of a collateral token: one that does not tell a balance counts
     nothing but holds up a write-off; one with a dead price counts as the oracle says, and nothing
     once it is delisted.
"""

from ..interfaces import IMarginEngine
from ..interfaces import IPriceOracle
from ..math import bitmap
from ..math import fixed_point as fp
from ..math import health_math
from . import engine_rules as rules

uses: rules

BALANCE_GAS: constant(uint256) = 200_000  # for a token that burns all it gets


struct Holding:
    token: address
    index: uint256
    balance: uint256  # [token]
    price: uint256  # [WAD] of a whole token, as it counts for liquidation
    is_live: bool
    decimals: uint256
    ltv: uint256  # [WAD] maintenance, now


struct Case:
    own: Holding  # the credit asset; empty if it is not enabled
    target: Holding  # the token to seize; empty if it is not enabled
    collateral_value: uint256  # [WAD]
    weighted_value: uint256  # [WAD]
    highest_value: uint256  # [WAD] of the collateral, dead prices being anything
    debt: uint256  # [asset]
    debt_value: uint256  # [WAD]
    debt_price: uint256  # [WAD]
    smallest: uint256  # [asset] debt that may be left; for the judge to fill in
    terms: IMarginEngine.LiquidationTerms  # likewise


struct Standing:
    collateral_value: uint256  # [WAD]
    weighted_value: uint256  # [WAD]
    carried: uint256  # [WAD] debt value that may be reached when risk grows
    dead_token: address  # one that stands in the way of that; zero for none


@internal
@view
def standing(vault: address, mask: uint256) -> Standing:
    """
    @dev What both `take` and `carried` say, in one walk.
    """
    total: Standing = empty(Standing)
    rest: uint256 = mask
    for _: uint256 in range(bitmap.MAX_MEMBERS):
        if rest == 0:
            break
        index: uint256 = bitmap.lowest(rest)
        rest &= rest - 1
        entry: rules.registry.Token = rules.registry.load(index)
        found: Holding = self._unpriced(vault, index, entry)
        low: uint256 = 0
        is_low_live: bool = found.is_live
        if found.balance > 0:
            found.price, found.is_live, low, is_low_live = staticcall IPriceOracle(
                rules.ORACLE
            ).prices_of(entry.token)
        if found.is_live or not entry.is_delisted:
            worth: uint256 = self.value_of(found)
            total.collateral_value += worth
            total.weighted_value += health_math.weighted(worth, found.ltv)
        if entry.is_delisted:
            continue
        total.carried += self._initial_weight(entry, found.balance, low, is_low_live)
        if not is_low_live and total.dead_token == empty(address):
            total.dead_token = entry.token
    return total


@internal
@view
def take(vault: address, mask: uint256, debt: uint256, token: address) -> Case:
    """
    @dev All that a liquidation which seizes `token` looks at, at the prices at which it looks.
    """
    case: Case = empty(Case)
    rest: uint256 = mask
    for _: uint256 in range(bitmap.MAX_MEMBERS):
        if rest == 0:
            break
        index: uint256 = bitmap.lowest(rest)
        rest &= rest - 1
        entry: rules.registry.Token = rules.registry.load(index)
        found: Holding = self.holding(vault, index, entry)
        if entry.is_delisted and not found.is_live:
            continue
        worth: uint256 = self.value_of(found)
        case.collateral_value += worth
        case.weighted_value += health_math.weighted(worth, found.ltv)
        case.highest_value += worth if found.is_live else self._highest_value_of(found)
        if found.token == rules.ASSET:
            case.own = found
        if found.token == token:
            case.target = found
    case.debt = debt
    if debt > 0:
        case.debt_price = self.debt_price()
        case.debt_value = self.debt_value(debt, case.debt_price)
    return case


@internal
@view
def holding(vault: address, index: uint256, entry: rules.registry.Token) -> Holding:
    found: Holding = self._unpriced(vault, index, entry)
    if found.balance > 0:
        found.price, found.is_live = staticcall IPriceOracle(rules.ORACLE).price_of(entry.token)
    return found


@internal
@view
def _unpriced(vault: address, index: uint256, entry: rules.registry.Token) -> Holding:
    balance: uint256 = 0
    is_readable: bool = False
    balance, is_readable = self._balance_of(entry.token, vault)
    return Holding(
        token=entry.token,
        index=index,
        balance=balance,
        price=0,
        is_live=is_readable,
        decimals=entry.decimals,
        ltv=rules.registry.maintenance_ltv(entry),
    )


@internal
@view
def carried(vault: address, mask: uint256) -> (uint256, address):
    """
    @dev Debt value that the vault's collateral carries when risk grows: at the lower price, at
         initial LTV, up to the token's cap. With it, a token whose price is dead.
    """
    total: uint256 = 0
    dead_token: address = empty(address)
    rest: uint256 = mask
    for _: uint256 in range(bitmap.MAX_MEMBERS):
        if rest == 0:
            break
        entry: rules.registry.Token = rules.registry.load(bitmap.lowest(rest))
        rest &= rest - 1
        if entry.is_delisted:
            continue
        balance: uint256 = 0
        price: uint256 = 0
        is_live: bool = False
        balance, is_live = self._balance_of(entry.token, vault)
        if balance > 0:
            price, is_live = staticcall IPriceOracle(rules.ORACLE).low_price_of(entry.token)
        total += self._initial_weight(entry, balance, price, is_live)
        if not is_live and dead_token == empty(address):
            dead_token = entry.token
    return total, dead_token


@internal
@pure
def _initial_weight(
    entry: rules.registry.Token, balance: uint256, price: uint256, is_live: bool
) -> uint256:
    if not is_live:
        return 0
    counted: uint256 = min(balance, entry.cap) if entry.is_capped else balance
    worth: uint256 = health_math.value_down(counted, price, entry.decimals)
    return health_math.weighted(worth, entry.initial_ltv)


@internal
@view
def _balance_of(token: address, vault: address) -> (uint256, bool):
    """
    @dev Balance, and whether the token tells it; one that does not counts nothing and is dead.
    """
    success: bool = False
    response: Bytes[32] = b""
    success, response = raw_call(
        token,
        abi_encode(vault, method_id=method_id("balanceOf(address)")),
        max_outsize=32,
        gas=BALANCE_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not success or len(response) < 32:
        return 0, False
    return convert(response, uint256), True


@internal
@view
def debt_price() -> uint256:
    if rules.IS_QUOTE:
        return fp.WAD

    price: uint256 = 0
    is_live: bool = False
    price, is_live = staticcall IPriceOracle(rules.ORACLE).price_of(rules.ASSET)
    assert is_live, "engine: dead credit price"
    return price


@internal
@view
def debt_value(debt: uint256, price: uint256) -> uint256:
    return health_math.value_up(debt, price, rules.ASSET_DECIMALS)


@internal
@pure
def value_of(held: Holding) -> uint256:
    return health_math.value_down(held.balance, held.price, held.decimals)


@internal
@view
def after_trade(case: Case, traded: Holding, sold: uint256, repaid: uint256) -> Case:
    """
    @dev The case once `sold` tokens of a holding with a live price are gone and `repaid` of the
         debt is.
    """
    after: Case = case
    left: Holding = traded
    left.balance -= sold
    before_value: uint256 = self.value_of(traded)
    left_value: uint256 = self.value_of(left)
    after.collateral_value -= before_value - left_value
    after.highest_value -= before_value - left_value
    after.weighted_value -= health_math.weighted(before_value, traded.ltv)
    after.weighted_value += health_math.weighted(left_value, traded.ltv)
    after.debt -= repaid
    after.debt_value = self.debt_value(after.debt, case.debt_price)
    return after


@internal
@view
def _highest_value_of(held: Holding) -> uint256:
    """
    @dev What a holding with a dead price may be worth at most; one that hides its balance may be
         worth anything. [WAD]
    """
    if held.balance == 0:
        return health_math.MAX_VALUE
    price: uint256 = staticcall IPriceOracle(rules.ORACLE).highest_price_of(held.token)
    return health_math.value_down(held.balance, price, held.decimals)
