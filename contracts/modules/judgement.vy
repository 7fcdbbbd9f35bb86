# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Judgement
@license AGPL-3.0-only
@author The Ringfence authors
@notice Decides what the liquidation of a vault takes, pays and writes off.
"""

from ..interfaces import ICreditPool
from ..interfaces import IMarginEngine
from ..math import bitmap
from ..math import health_math
from ..math import liquidation_math as sizing
from . import engine_rules as rules
from . import survey

uses: rules
uses: survey

CRUMBS: constant(uint256) = 1_000  # [asset] what is worth less is dust, whatever is configured


struct Seizure:
    repaid: uint256  # [asset]
    insurance: uint256  # [asset]
    seized: uint256  # [token]


@internal
@view
def judge(
    vault: address,
    mask: uint256,
    debt: uint256,
    token: address,
    max_repay: uint256,
    burnable: uint256,
) -> IMarginEngine.Liquidation:
    case: survey.Case = survey.take(vault, mask, debt, token)
    assert case.weighted_value < case.debt_value, "engine: vault is healthy"

    case.smallest = staticcall ICreditPool(rules.POOL).min_debt()
    case.terms = rules.liquidation_terms.load()
    verdict: IMarginEngine.Liquidation = empty(IMarginEngine.Liquidation)
    verdict.mask = mask
    case, verdict = self._burn_own(case, verdict, burnable)
    if case.weighted_value < case.debt_value and token not in [rules.ASSET, empty(address)]:
        assert case.target.token != empty(address), "engine: token not enabled"
        case, verdict = self._seize(vault, case, verdict, max_repay)
    verdict.bad_debt = self._bad_debt(case)
    assert (
        verdict.own_repaid + verdict.repaid + verdict.bad_debt > 0
    ), "engine: nothing to liquidate"
    return verdict


@internal
@view
def surrender_of(
    vault: address, mask: uint256, bad_debt: uint256
) -> DynArray[IMarginEngine.Surrender, bitmap.MAX_MEMBERS]:
    """
    @dev Delisted tokens of a written-off vault, as long as the loss is not made good.
    """
    owed: uint256 = survey.debt_value(bad_debt, survey.debt_price())
    surrender: DynArray[IMarginEngine.Surrender, bitmap.MAX_MEMBERS] = []
    rest: uint256 = mask
    for _: uint256 in range(bitmap.MAX_MEMBERS):
        if rest == 0 or owed == 0:
            break
        index: uint256 = bitmap.lowest(rest)
        rest &= rest - 1
        entry: rules.registry.Token = rules.registry.load(index)
        if not entry.is_delisted:
            continue
        holding: survey.Holding = survey.holding(vault, index, entry)
        if holding.balance == 0:
            continue
        amount: uint256 = min(
            holding.balance, health_math.amount_up(owed, holding.price, holding.decimals)
        )
        owed -= min(owed, health_math.value_down(amount, holding.price, holding.decimals))
        bit: uint256 = bitmap.bit(index) if amount == holding.balance else 0
        surrender.append(IMarginEngine.Surrender(token=holding.token, amount=amount, bit=bit))
    return surrender


@internal
@view
def _burn_own(
    case: survey.Case, verdict: IMarginEngine.Liquidation, burnable: uint256
) -> (survey.Case, IMarginEngine.Liquidation):
    """
    @dev The vault's own balance of the credit asset, if enabled, pays before anything is sold, as
         far as it can move.
    """
    own: survey.Holding = case.own
    outcome: IMarginEngine.Liquidation = verdict
    outcome.own_repaid = min(min(own.balance, case.debt), burnable)
    if outcome.own_repaid == 0:
        return case, verdict
    outcome.mask = self._mask_after(verdict.mask, own, outcome.own_repaid)
    return survey.after_trade(case, own, outcome.own_repaid, outcome.own_repaid), outcome


@internal
@view
def _seize(
    vault: address, case: survey.Case, verdict: IMarginEngine.Liquidation, max_repay: uint256
) -> (survey.Case, IMarginEngine.Liquidation):
    holding: survey.Holding = case.target
    assert holding.is_live and holding.balance > 0, "engine: token not seizable"

    seizure: Seizure = self._size(vault, verdict.mask, case, max_repay)
    outcome: IMarginEngine.Liquidation = verdict
    outcome.repaid = seizure.repaid
    outcome.insurance = seizure.insurance
    outcome.seized = seizure.seized
    outcome.mask = self._mask_after(verdict.mask, holding, seizure.seized)
    return survey.after_trade(case, holding, seizure.seized, seizure.repaid), outcome


@internal
@view
def _size(vault: address, mask: uint256, case: survey.Case, max_repay: uint256) -> Seizure:
    """
    @dev How much may be repaid against one holding, and what that buys.
    """
    terms: IMarginEngine.LiquidationTerms = case.terms
    holding: survey.Holding = case.target
    health: uint256 = health_math.health(case.weighted_value, case.debt_value)
    is_deep: bool = sizing.is_deep(health, holding.ltv, terms.min_bonus)

    reward: uint256 = terms.min_bonus
    need: uint256 = case.debt
    if is_deep and health > terms.floor_health:
        self._check_no_better(vault, mask, case, health)
    if not is_deep:
        reward = sizing.bonus(
            health, holding.ltv, terms.min_bonus, terms.max_bonus, terms.floor_health
        )
        reward = sizing.affordable(reward, terms.min_bonus, case.collateral_value, case.debt_value)
        if not sizing.is_small(case.debt, case.smallest):
            need = min(need, self._need(case, holding.ltv, reward, terms.target_health))
    seizure: Seizure = self._trade(case, holding, reward, min(max_repay, need))
    if not is_deep:
        seizure.insurance = sizing.insurance_due(seizure.repaid, reward, terms.insurance_share)
    return seizure


@internal
@view
def _need(case: survey.Case, ltv: uint256, reward: uint256, target: uint256) -> uint256:
    """
    @dev The repayment that restores the target health. [asset]
    """
    worth: uint256 = sizing.value_to_target(
        case.weighted_value, case.debt_value, ltv, reward, target
    )
    return health_math.amount_up(worth, case.debt_price, rules.ASSET_DECIMALS)


@internal
@view
def _trade(case: survey.Case, holding: survey.Holding, reward: uint256, wanted: uint256) -> Seizure:
    """
    @dev Exchange a repayment for collateral: all of it if it does not suffice, and otherwise never
         leaving a debt below the smallest.
    """
    repaid: uint256 = wanted
    seized: uint256 = self._seizable(case, holding, reward, repaid)
    if seized >= holding.balance:
        seized = holding.balance
        repaid = min(repaid, self._price_of_all(case, holding, reward))
    elif repaid < case.debt and case.debt - repaid < case.smallest:
        assert not sizing.is_small(case.debt, case.smallest), "engine: repay in full"
        repaid = case.debt - case.smallest
        seized = self._seizable(case, holding, reward, repaid)
    assert repaid > 0 and seized > 0, "engine: nothing to seize"
    return Seizure(repaid=repaid, insurance=0, seized=seized)


@internal
@view
def _check_no_better(vault: address, mask: uint256, case: survey.Case, health: uint256):
    """
    @dev A token in deep mode may not be picked while another could restore the vault's health:
         that is for vaults slightly short. Below the floor health any token will do, lest one that
         cannot be moved protects the rest. The credit asset is nothing to pick.
    """
    threshold: uint256 = sizing.alternative_value(case.debt_value, self._dust_value(case))
    rest: uint256 = mask
    for _: uint256 in range(bitmap.MAX_MEMBERS):
        if rest == 0:
            break
        index: uint256 = bitmap.lowest(rest)
        rest &= rest - 1
        entry: rules.registry.Token = rules.registry.load(index)
        if entry.token in [case.target.token, rules.ASSET]:
            continue
        other: survey.Holding = survey.holding(vault, index, entry)
        if not other.is_live or survey.value_of(other) < threshold:
            continue
        assert sizing.is_deep(health, other.ltv, case.terms.min_bonus), "engine: pick another token"


@internal
@view
def _bad_debt(case: survey.Case) -> uint256:
    """
    @dev All of the debt, once the collateral is worth less than it and no more than dust, even at
         the highest price that a token with a dead price may have. A token that does not tell its
         balance may be worth anything, until it is delisted.
    """
    if case.debt == 0 or case.highest_value >= case.debt_value:
        return 0
    return case.debt if case.highest_value <= self._dust_value(case) else 0


@internal
@view
def _dust_value(case: survey.Case) -> uint256:
    """
    @dev Whatever is configured, dust is at most a tenth of the smallest debt: nobody can owe so
         little that writing it off were a present. And it is at least what buys no debt.
    """
    return min(
        max(case.terms.dust_value, survey.debt_value(CRUMBS, case.debt_price)),
        survey.debt_value(case.smallest, case.debt_price) // 10,
    )


@internal
@view
def _seizable(
    case: survey.Case, holding: survey.Holding, reward: uint256, repaid: uint256
) -> uint256:
    return sizing.seizable(
        repaid, case.debt_price, rules.ASSET_DECIMALS, reward, holding.price, holding.decimals
    )


@internal
@view
def _price_of_all(case: survey.Case, holding: survey.Holding, reward: uint256) -> uint256:
    return sizing.price_of_all(
        holding.balance,
        case.debt_price,
        rules.ASSET_DECIMALS,
        reward,
        holding.price,
        holding.decimals,
    )


@internal
@pure
def _mask_after(mask: uint256, holding: survey.Holding, gone: uint256) -> uint256:
    """
    @dev The last unit takes the token's bit with it.
    """
    if gone < holding.balance:
        return mask
    return bitmap.without(mask, bitmap.bit(holding.index))
