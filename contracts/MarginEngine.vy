# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Margin Engine
@license AGPL-3.0-only
@author The Ringfence authors
@notice The judge of one market: what collateral is worth, who may borrow, who is liquidated and
        how far. It moves nothing and remembers nothing about any vault.
@dev A vault in the middle of its own transaction hands over its mask and its debt, since nobody can
     read them from it then; balances come from the tokens themselves.
@custom:kill Nothing to stop here: pauses act in the pool, and a token is ramped down, capped or
             delisted by the risk admin.
"""

from .interfaces import ICreditPool
from .interfaces import IMarginEngine
from .interfaces import IVault
from .interfaces import IVaultFactory
from .math import bitmap
from .math import health_math
from .modules import engine_rules as rules
from .modules import judgement
from .modules import survey

implements: IMarginEngine

initializes: rules
initializes: survey[rules := rules]
initializes: judgement[rules := rules, survey := survey]

exports: (
    rules.FACTORY,
    rules.POOL,
    rules.ORACLE,
    rules.ASSET,
    rules.SET_UP_UNTIL,
    rules.announce,
    rules.cancel,
    rules.list_token,
    rules.delist_token,
    rules.set_initial_ltv,
    rules.raise_maintenance_ltv,
    rules.ramp_maintenance_ltv,
    rules.set_token_cap,
    rules.set_liquidation_terms,
    rules.liquidation_terms.liquidation_terms,
    rules.rules_of,
    rules.maintenance_ltv,
    rules.notice.NOTICE,
    rules.notice.ready_at,
    rules.registry.token_count,
    rules.registry.token_at,
    rules.registry.cap_of,
)


@deploy
def __init__(
    oracle: address,
    pool: ICreditPool,
    notice_period: uint256,
    terms: IMarginEngine.LiquidationTerms,
):
    """
    @param oracle Prices of the collateral tokens and of the credit asset.
    @param pool Pool of the market, which knows its factory and its credit asset.
    @param notice_period How long a change that raises risk stands announced. [s]
    @param terms Bonus, healths and dust of liquidations.
    """
    asset: address = staticcall pool.asset()
    rules.__init__(oracle, pool.address, staticcall pool.FACTORY(), asset, notice_period, terms)


# -- Views for a vault in the middle of its transaction --------------------------------------------


@external
@view
def bit_of(token: address) -> uint256:
    """
    @notice Return the token's bit in the masks of vaults.
    @param token Any token.
    @return One bit; 0 if the token was never listed.
    """
    return rules.registry.bit_of(token)


@external
@view
def listed_bit(token: address) -> uint256:
    """
    @notice Return the bit of a token that is listed, and refuse any other.
    @param token Listed token.
    @return One bit.
    """
    return bitmap.bit(rules.registry.listed_index_of(token))


@external
@view
def is_live(token: address) -> bool:
    """
    @notice Tell whether the price of a token can be believed.
    @param token Any token.
    @return False for a stale, absurd or missing price.
    """
    return rules.is_live_price(token)


@external
@view
def carries(mask: uint256, debt: uint256) -> bool:
    """
    @notice Tell whether the collateral of the calling vault carries a debt: available funds are not
            negative. A dead price of any of it is refused.
    @param mask Collateral that the vault has enabled.
    @param debt What the vault owes. [asset]
    @return True if the vault may end its transaction in this state.
    """
    carried: uint256 = 0
    dead_token: address = empty(address)
    carried, dead_token = survey.carried(msg.sender, mask)
    assert dead_token == empty(address), "engine: dead price"
    return survey.debt_value(debt, survey.debt_price()) <= carried


@external
@view
def judge(
    vault: address,
    mask: uint256,
    debt: uint256,
    token: address,
    max_repay: uint256,
    burnable: uint256,
) -> IMarginEngine.Liquidation:
    """
    @notice Decide what a liquidation of a vault in this state takes and pays, or refuse it.
    @dev First the vault's own credit asset burns debt. If it is still short, the liquidator repays
         against `token`. What then remains is bad debt if no collateral above dust is left.
    @param vault Vault to liquidate.
    @param mask Collateral that the vault has enabled.
    @param debt What the vault owes. [asset]
    @param token Collateral to seize; the credit asset or zero to seize nothing.
    @param max_repay Most that the liquidator will repay. [asset]
    @param burnable Most of the vault's own credit asset that can move to the pool. [asset]
    @return Verdict that the vault carries out.
    """
    return judgement.judge(vault, mask, debt, token, max_repay, burnable)


@external
@view
def tokens_of(mask: uint256) -> DynArray[address, bitmap.MAX_MEMBERS]:
    """
    @notice Return the tokens of a mask.
    @param mask Collateral of a vault, at most 16 tokens.
    @return Tokens in the order of their listing.
    """
    tokens: DynArray[address, bitmap.MAX_MEMBERS] = []
    rest: uint256 = mask
    for _: uint256 in range(bitmap.MAX_MEMBERS):
        if rest == 0:
            break
        index: uint256 = bitmap.lowest(rest)
        rest &= rest - 1
        tokens.append(rules.registry.address_of(index))
    return tokens


@external
@view
def surrender_of(
    vault: address, mask: uint256, bad_debt: uint256
) -> DynArray[IMarginEngine.Surrender, bitmap.MAX_MEMBERS]:
    """
    @notice Return what a vault owes the insurance fund for a debt that was written off: delisted
            collateral up to the worth of the loss, at its last believable price.
    @param vault Vault whose debt was written off.
    @param mask Collateral that it has enabled.
    @param bad_debt What was written off. [asset]
    @return Tokens and amounts, in the order of their listing.
    """
    return judgement.surrender_of(vault, mask, bad_debt)


# -- Views for everybody ---------------------------------------------------------------------------


@external
@view
def margin_of(vault: address) -> IMarginEngine.Margin:
    """
    @notice Return the margin state of a vault.
    @dev A token with a dead price counts as in a liquidation, and not at all in available funds.
    @param vault Vault to look at.
    @return Collateral, debt, equity, margins, health, funds; values in the quote currency. [WAD]
    """
    mask: uint256 = 0
    scaled_debt: uint256 = 0
    debt: uint256 = 0
    mask, scaled_debt, debt = self._state_of(vault)
    found: survey.Standing = survey.standing(vault, mask)
    debt_value: uint256 = 0
    if debt > 0:
        debt_value = survey.debt_value(debt, survey.debt_price())

    owed: int256 = convert(debt_value, int256)
    equity: int256 = convert(found.collateral_value, int256) - owed
    available: int256 = convert(found.carried, int256) - owed
    excess: int256 = convert(found.weighted_value, int256) - owed
    return IMarginEngine.Margin(
        collateral_value=found.collateral_value,
        debt_value=debt_value,
        equity=equity,
        initial_margin=equity - available,
        maintenance_margin=found.collateral_value - found.weighted_value,
        health=health_math.health(found.weighted_value, debt_value),
        available_funds=available,
        excess_liquidity=excess,
        cushion=health_math.cushion(excess, equity),
        debt=debt,
        dead_token=found.dead_token,
    )


@external
@view
def quote_liquidation(
    vault: address, token: address, max_repay: uint256
) -> (uint256, uint256, uint256, uint256, uint256):
    """
    @notice Return what `Vault.liquidate` would do in this block, or refuse as it would.
    @param vault Vault to liquidate.
    @param token Collateral to seize.
    @param max_repay Most that the liquidator will repay. [asset]
    @return Repaid by the liquidator [asset], insurance on top [asset], seized [token], loss covered
            by the insurance fund [asset], loss of the lenders [asset].
    """
    mask: uint256 = 0
    scaled_debt: uint256 = 0
    debt: uint256 = 0
    mask, scaled_debt, debt = self._state_of(vault)
    verdict: IMarginEngine.Liquidation = judgement.judge(
        vault, mask, debt, token, max_repay, max_value(uint256)
    )
    loss: ICreditPool.Loss = staticcall ICreditPool(rules.POOL).quote_settlement(
        verdict.own_repaid + verdict.repaid,
        verdict.insurance,
        scaled_debt,
        verdict.bad_debt,
    )
    return (
        verdict.repaid,
        verdict.insurance,
        verdict.seized,
        loss.by_shares + loss.by_cash,
        loss.lost,
    )


# -- Internals -------------------------------------------------------------------------------------


@internal
@view
def _state_of(vault: address) -> (uint256, uint256, uint256):
    """
    @dev Enabled collateral, scaled debt and debt of what must be a vault.
    """
    id: uint256 = staticcall IVaultFactory(rules.FACTORY).vault_id(vault)
    assert id != 0, "engine: not a vault"
    mask: uint256 = 0
    scaled_debt: uint256 = 0
    mask, scaled_debt = staticcall IVault(vault).margin_state()
    return mask, scaled_debt, staticcall ICreditPool(rules.POOL).debt_of(scaled_debt)
