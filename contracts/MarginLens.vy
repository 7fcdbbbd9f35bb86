# pragma version 0.4.3
"""
@title Margin Lens
@license AGPL-3.0-only
@author The Ringfence authors
@notice Margin state of many vaults in one call, for screens and keepers. No storage, no powers.
@custom:kill Nothing to stop: it only reads.
"""

from .interfaces import IMarginEngine
from .interfaces import IMarginLens
from .interfaces import IPriceOracle
from .interfaces import IVaultFactory

implements: IMarginLens

MAX_VAULTS: constant(uint256) = 500
ROW_GAS: constant(uint256) = 20_000_000  # for one vault; each of 16 tokens may burn a million
KEPT_GAS: constant(uint256) = 8_000  # to look up a row and again to return it
MARGIN_BYTES: constant(uint256) = 11 * 32

OK: constant(uint256) = 0
NOT_A_VAULT: constant(uint256) = 1
PRICE_DEAD: constant(uint256) = 2
UNREADABLE: constant(uint256) = 3

ENGINE: public(immutable(IMarginEngine))


@deploy
def __init__(engine: IMarginEngine):
    """
    @param engine Engine of the market whose vaults are looked at.
    """
    ENGINE = engine


@external
@view
def margins_of(vaults: DynArray[address, MAX_VAULTS]) -> DynArray[IMarginLens.Row, MAX_VAULTS]:
    """
    @notice Return one row per address, in the same order; no vault can make the others fail.
    @dev With a dead collateral price the row has both the status and the margin, in which the token
         counts as in a liquidation. With a dead price of the credit asset there is no margin, nor
         where the engine fails for want of gas, which another row may have burned: then ask for
         fewer vaults at once.
    @param vaults Addresses to look at, at most 500.
    @return Rows.
    """
    factory: IVaultFactory = IVaultFactory(staticcall ENGINE.FACTORY())
    dead_asset: address = self._dead_asset()
    rows: DynArray[IMarginLens.Row, MAX_VAULTS] = []
    for vault: address in vaults:
        row: IMarginLens.Row = IMarginLens.Row(
            vault=vault,
            status=NOT_A_VAULT,
            dead_token=empty(address),
            margin=empty(IMarginEngine.Margin),
        )
        if staticcall factory.vault_id(vault) != 0:
            row = self._row(vault, dead_asset, KEPT_GAS * (2 * len(vaults) - len(rows)))
        rows.append(row)
    return rows


@internal
@view
def _row(vault: address, dead_asset: address, kept: uint256) -> IMarginLens.Row:
    row: IMarginLens.Row = IMarginLens.Row(
        vault=vault,
        status=UNREADABLE,
        dead_token=dead_asset,
        margin=empty(IMarginEngine.Margin),
    )
    success: bool = False
    response: Bytes[MARGIN_BYTES] = b""
    success, response = raw_call(
        ENGINE.address,
        abi_encode(vault, method_id=method_id("margin_of(address)")),
        max_outsize=MARGIN_BYTES,
        gas=min(ROW_GAS, msg.gas - min(msg.gas, kept)),
        is_static_call=True,
        revert_on_failure=False,
    )
    if success:
        row.margin = abi_decode(response, IMarginEngine.Margin)
        row.dead_token = row.margin.dead_token
        row.status = OK
    if row.dead_token != empty(address):
        row.status = PRICE_DEAD
    return row


@internal
@view
def _dead_asset() -> address:
    """
    @dev The credit asset if its price is dead, else zero.
    """
    asset: address = staticcall ENGINE.ASSET()
    price: uint256 = 0
    is_live: bool = False
    price, is_live = staticcall IPriceOracle(staticcall ENGINE.ORACLE()).price_of(asset)
    return empty(address) if is_live else asset
