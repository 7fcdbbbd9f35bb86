# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Survey
@license AGPL-3.0-only
@author The Ringfence authors
@notice Counts what a vault holds and owes, at the prices and weights of the moment.
@dev Nothing here reverts because of a collateral token: one that does not tell a balance counts
     nothing but holds up a write-off, one with a dead price counts as the oracle says, and nothing once it is delisted.
"""

from ..interfaces import IPriceOracle
from ..math import bitmap
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
    holdings: DynArray[Holding, bitmap.MAX_MEMBERS]
    collateral_value: uint256  # [WAD]
    weighted_value: uint256  # [WAD]
    dead_token: address
    debt: uint256  # [asset]
    debt_value: uint256  # [WAD]
    debt_price: uint256  # [WAD]


@internal
@view
def take(vault: address, mask: uint256, debt: uint256) -> Case:
    """
    @dev All that a liquidation looks at, at the prices at which it looks.
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
        case.holdings.append(found)
        case.collateral_value += self.value_of(found)
        case.weighted_value += self.weight_of(found)
    case.debt = debt
    if debt > 0:
        case.debt_price = self.debt_price()
        case.debt_value = self.debt_value(debt, case.debt_price)
    return case


@internal
@view
def holding(vault: address, index: uint256, entry: rules.registry.Token) -> Holding:
    balance: uint256 = 0
    is_readable: bool = False
    balance, is_readable = self._balance_of(entry.token, vault)
    found: Holding = Holding(
        token=entry.token,
        index=index,
        balance=balance,
        price=0,
        is_live=is_readable,
        decimals=entry.decimals,
        ltv=rules.registry.maintenance_ltv(entry),
    )
    if balance > 0:
        found.price, found.is_live = staticcall IPriceOracle(rules.ORACLE).price_of(entry.token)
    return found


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
        weight: uint256 = 0
        is_live: bool = False
        weight, is_live = self._initial_weight(vault, entry)
        total += weight
        if not is_live and dead_token == empty(address):
            dead_token = entry.token
    return total, dead_token


@internal
@view
def _initial_weight(vault: address, entry: rules.registry.Token) -> (uint256, bool):
    balance: uint256 = 0
    is_readable: bool = False
    balance, is_readable = self._balance_of(entry.token, vault)
    if balance == 0:
        return 0, is_readable

    price: uint256 = 0
    is_live: bool = False
    price, is_live = staticcall IPriceOracle(rules.ORACLE).low_price_of(entry.token)
    if not is_live:
        return 0, False
    if entry.is_capped:
        balance = min(balance, rules.registry.cap_of[entry.token])
    worth: uint256 = health_math.value_down(balance, price, entry.decimals)
    return health_math.weighted(worth, entry.initial_ltv), True


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
def highest_value_of(held: Holding) -> uint256:
    """
    @dev What a holding with a dead price may be worth at most. [WAD]
    """
    price: uint256 = staticcall IPriceOracle(rules.ORACLE).highest_price_of(held.token)
    return health_math.value_down(held.balance, price, held.decimals)


@internal
@pure
def weight_of(held: Holding) -> uint256:
    return health_math.weighted(self.value_of(held), held.ltv)


@internal
@view
def after_trade(case: Case, position: uint256, sold: uint256, repaid: uint256) -> Case:
    """
    @dev The case once `sold` tokens of a holding are gone and `repaid` of the debt is.
    """
    after: Case = case
    traded: Holding = case.holdings[position]
    after.collateral_value -= self.value_of(traded)
    after.weighted_value -= self.weight_of(traded)
    traded.balance -= sold
    after.collateral_value += self.value_of(traded)
    after.weighted_value += self.weight_of(traded)
    after.holdings[position] = traded
    after.debt -= repaid
    after.debt_value = self.debt_value(after.debt, case.debt_price)
    return after


@internal
@pure
def position_of(case: Case, token: address) -> uint256:
    """
    @dev Place of a token among the holdings.
    """
    for position: uint256 in range(len(case.holdings), bound=bitmap.MAX_MEMBERS):
        if case.holdings[position].token == token:
            return position
    raise "engine: token not enabled"
