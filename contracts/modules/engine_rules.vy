# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Engine Rules
@license AGPL-3.0-only
@author The Ringfence authors
@notice How the risk admin lists tokens and changes what they are worth as collateral.
@dev What lowers risk happens at once, what raises it after notice. Maintenance LTV only falls
     along a ramp, so that no change of a rule makes a vault liquidatable overnight.
"""

from ethereum.ercs import IERC20Detailed

from ..interfaces import IMarginEngine
from ..interfaces import IPriceOracle
from ..interfaces import IVaultFactory
from ..math import fixed_point as fp
from . import collateral_registry as registry
from . import liquidation_terms
from . import notice

initializes: registry
initializes: liquidation_terms
initializes: notice

MIN_RAMP: constant(uint256) = 259_200  # [s] 3 days
MAX_SECURED: constant(uint256) = 99 * 10**16  # [WAD] (1 + bonus) * maintenance LTV
MIN_DECIMALS: constant(uint256) = 6  # a unit is never worth a liquidation
MAX_DECIMALS: constant(uint256) = 18

FACTORY: public(immutable(address))  # attests which addresses are vaults, names the officers
POOL: public(immutable(address))
ORACLE: public(immutable(address))
ASSET: public(immutable(address))  # the credit asset
ASSET_DECIMALS: immutable(uint256)
IS_QUOTE: immutable(bool)  # the credit asset is the quote currency and always costs one
SET_UP_UNTIL: public(immutable(uint256))  # [unix s] until then tokens are listed at once


@deploy
def __init__(
    oracle: address,
    pool: address,
    factory: address,
    asset: address,
    notice_period: uint256,
    terms: IMarginEngine.LiquidationTerms,
):
    notice.__init__(notice_period)
    ORACLE = oracle
    POOL = pool
    FACTORY = factory
    ASSET = asset
    SET_UP_UNTIL = block.timestamp + notice_period
    ASSET_DECIMALS = self._decimals_of(asset)
    IS_QUOTE = staticcall IPriceOracle(oracle).QUOTE() == asset
    liquidation_terms.store(terms)


# -- Announcements ---------------------------------------------------------------------------------


@external
def announce(call: Bytes[516]):
    """
    @notice Announce a change of this engine, which may be made once the notice has passed.
    @param call Calldata of the call that will make the change.
    """
    self._check_risk_admin()
    notice.announce(call)


@external
def cancel(call: Bytes[516]):
    """
    @notice Withdraw an announcement.
    @param call Calldata that was announced.
    """
    self._check_risk_admin()
    notice.cancel(call)


# -- Tokens ----------------------------------------------------------------------------------------


@external
def list_token(token: address, initial_ltv: uint256, maintenance_ltv: uint256, cap: uint256):
    """
    @notice Accept a token with a live price as collateral, after notice; at once while the market
            is younger than the notice.
    @param token Token with 6 to 18 decimals; never the shares of this market's pool.
    @param initial_ltv Debt per value that borrowing may reach. [WAD]
    @param maintenance_ltv Debt per value from which a vault is liquidated. [WAD]
    @param cap Balance of one vault that counts when risk grows; the maximum for no cap. [token]
    """
    self._check_risk_admin()
    if block.timestamp > SET_UP_UNTIL:
        notice.spend(
            concat(
                method_id("list_token(address,uint256,uint256,uint256)"),
                abi_encode(token, initial_ltv, maintenance_ltv, cap),
            )
        )
    assert token != POOL, "engine: shares are no collateral"
    assert initial_ltv <= maintenance_ltv, "engine: initial LTV too high"
    self._check_secured(maintenance_ltv, liquidation_terms.load().max_bonus)
    assert self.is_live_price(token), "engine: dead price"

    self._append(token, self._decimals_of(token), initial_ltv, maintenance_ltv, cap)


@external
def delist_token(token: address):
    """
    @notice After notice, stop accepting a token for good: it carries no debt from now on.
    @dev Its maintenance LTV has been ramped to zero before, or its price is dead: delisting takes
         no health from a vault whose collateral can be sold. It stays at zero even if the price
         comes back, so that a token does not count on one day and not on the next.
    @param token Listed token; not the credit asset.
    """
    self._check_risk_admin()
    assert token != ASSET, "engine: credit asset stays"
    index: uint256 = registry.listed_index_of(token)
    notice.spend(abi_encode(token, method_id=method_id("delist_token(address)")))
    entry: registry.Token = registry.load(index)
    if registry.maintenance_ltv(entry) > 0:
        assert not self.is_live_price(token), "engine: ramp to zero first"

    entry.start_ltv = 0
    entry.target_ltv = 0
    entry.is_delisted = True
    registry.store(index, entry)
    log IMarginEngine.TokenDelisted(token=token)


@external
def set_initial_ltv(token: address, ltv: uint256):
    """
    @notice Lower the initial LTV of a token at once, or raise it after notice.
    @param token Listed token.
    @param ltv New initial LTV, at most the maintenance LTV and the end of its ramp. [WAD]
    """
    self._check_risk_admin()
    index: uint256 = registry.listed_index_of(token)
    entry: registry.Token = registry.load(index)
    if ltv > entry.initial_ltv:
        notice.spend(
            abi_encode(token, ltv, method_id=method_id("set_initial_ltv(address,uint256)"))
        )
    assert ltv <= entry.target_ltv, "engine: initial LTV too high"

    log IMarginEngine.InitialLtvChanged(token=token, previous_ltv=entry.initial_ltv, new_ltv=ltv)
    entry.initial_ltv = ltv
    registry.store(index, entry)


@external
def raise_maintenance_ltv(token: address, ltv: uint256):
    """
    @notice Raise the maintenance LTV of a token after notice; ends a ramp that is under way.
    @param token Listed token.
    @param ltv New maintenance LTV, above the present one. [WAD]
    """
    self._check_risk_admin()
    index: uint256 = registry.listed_index_of(token)
    notice.spend(
        abi_encode(token, ltv, method_id=method_id("raise_maintenance_ltv(address,uint256)"))
    )
    entry: registry.Token = registry.load(index)
    present: uint256 = registry.maintenance_ltv(entry)
    assert ltv > present, "engine: not a rise"
    self._check_secured(ltv, liquidation_terms.load().max_bonus)

    self._set_maintenance(index, entry, present, ltv, ltv, block.timestamp)


@external
def ramp_maintenance_ltv(token: address, ltv: uint256, ends_at: uint256):
    """
    @notice Lower the maintenance LTV of a token on a straight line that starts now.
    @param token Listed token.
    @param ltv New maintenance LTV, below the present one, at least the initial LTV. [WAD]
    @param ends_at When it is reached, at least three days from now. [unix s]
    """
    self._check_risk_admin()
    index: uint256 = registry.listed_index_of(token)
    entry: registry.Token = registry.load(index)
    present: uint256 = registry.maintenance_ltv(entry)
    assert ltv < present, "engine: not a fall"
    assert entry.initial_ltv <= ltv, "engine: initial LTV too high"
    assert ends_at >= block.timestamp + MIN_RAMP, "engine: ramp below 3 days"
    assert ends_at <= registry.TIME_MASK, "engine: ramp too long"

    self._set_maintenance(index, entry, present, present, ltv, ends_at)


@external
def set_token_cap(token: address, cap: uint256):
    """
    @notice Lower the cap of a token at once, or raise it after notice.
    @param token Listed token.
    @param cap Balance of one vault that counts when risk grows; the maximum for no cap. [token]
    """
    self._check_risk_admin()
    index: uint256 = registry.listed_index_of(token)
    entry: registry.Token = registry.load(index)
    previous: uint256 = entry.cap if entry.is_capped else max_value(uint256)
    if cap > previous:
        notice.spend(abi_encode(token, cap, method_id=method_id("set_token_cap(address,uint256)")))

    log IMarginEngine.TokenCapChanged(token=token, previous_cap=previous, new_cap=cap)
    registry.store(index, registry.with_cap(entry, cap))


# -- Liquidation terms -----------------------------------------------------------------------------


@external
def set_liquidation_terms(terms: IMarginEngine.LiquidationTerms):
    """
    @notice Change, after notice, the bonus, the health at which liquidation stops, and the dust.
    @param terms New terms.
    """
    self._check_risk_admin()
    notice.spend(
        abi_encode(
            terms,
            method_id=method_id(
                "set_liquidation_terms((uint256,uint256,uint256,uint256,uint256,uint256))"
            ),
        )
    )
    self._check_secured(registry.largest_maintenance_ltv(), terms.max_bonus)
    liquidation_terms.store(terms)


# -- Views -----------------------------------------------------------------------------------------


@external
@view
def rules_of(token: address) -> registry.Token:
    """
    @notice Return the risk parameters of a token that is or was listed.
    @param token Token to look up.
    @return LTVs [WAD], ramp [unix s], decimals, and whether it is delisted or capped.
    """
    return registry.load(registry.index_of(token))


@external
@view
def maintenance_ltv(token: address) -> uint256:
    """
    @notice Return the maintenance LTV of a token now, in the middle of a ramp if there is one.
    @param token Token that is or was listed.
    @return LTV. [WAD]
    """
    return registry.maintenance_ltv(registry.load(registry.index_of(token)))


# -- For the host ----------------------------------------------------------------------------------


@internal
@view
def is_live_price(token: address) -> bool:
    price: uint256 = 0
    is_live: bool = False
    price, is_live = staticcall IPriceOracle(ORACLE).price_of(token)
    return is_live


# -- Internals -------------------------------------------------------------------------------------


@internal
@view
def _check_risk_admin():
    admin: address = staticcall IVaultFactory(FACTORY).risk_admin()
    assert msg.sender == admin, "engine: not the risk admin"


@internal
@view
def _decimals_of(token: address) -> uint256:
    decimals: uint256 = convert(staticcall IERC20Detailed(token).decimals(), uint256)
    assert MIN_DECIMALS <= decimals and decimals <= MAX_DECIMALS, "engine: decimals not 6 to 18"
    return decimals


@internal
@pure
def _check_secured(ltv: uint256, max_bonus: uint256):
    """
    @dev Collateral must pay debt and bonus while health is above this product.
    """
    secured: uint256 = fp.mul_div_up(fp.WAD + max_bonus, ltv, fp.WAD)
    assert secured <= MAX_SECURED, "engine: bonus too large for LTV"


@internal
def _append(
    token: address, decimals: uint256, initial_ltv: uint256, maintenance_ltv: uint256, cap: uint256
):
    entry: registry.Token = registry.Token(
        token=token,
        initial_ltv=initial_ltv,
        start_ltv=maintenance_ltv,
        target_ltv=maintenance_ltv,
        ramp_begin=0,
        ramp_end=0,
        decimals=decimals,
        is_delisted=False,
        is_capped=False,
        cap=0,
    )
    log IMarginEngine.TokenListed(
        token=token,
        index=registry.append(registry.with_cap(entry, cap)),
        decimals=decimals,
        initial_ltv=initial_ltv,
        maintenance_ltv=maintenance_ltv,
        cap=cap,
    )


@internal
def _set_maintenance(
    index: uint256,
    entry: registry.Token,
    present: uint256,
    start: uint256,
    target: uint256,
    ends_at: uint256,
):
    changed: registry.Token = entry
    changed.start_ltv = start
    changed.target_ltv = target
    changed.ramp_begin = block.timestamp
    changed.ramp_end = ends_at
    registry.store(index, changed)
    log IMarginEngine.MaintenanceLtvChanged(
        token=entry.token, previous_ltv=present, new_ltv=target, ends_at=ends_at
    )
