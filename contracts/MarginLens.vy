# pragma version 0.4.3
"""
@title Margin Lens
@license AGPL-3.0-only
@author The Ringfence authors
@notice Margin state of many vaults in one call, for screens and keepers. No storage, no powers.
@custom:kill Nothing to stop: it only reads.
"""

from .interfaces import IMarginEngine
from .interfaces import IVaultFactory

MAX_VAULTS: constant(uint256) = 500
ROW_GAS: constant(uint256) = 10_000_000  # for one vault; a feed may burn 200,000 and 16 may do so
MARGIN_BYTES: constant(uint256) = 11 * 32


OK: constant(uint256) = 0
NOT_A_VAULT: constant(uint256) = 1
PRICE_DEAD: constant(uint256) = 2


struct Row:
    vault: address
    status: uint256  # 0 ok, 1 not a vault, 2 price dead
    dead_token: address  # whose price is dead; zero unless the status says so
    margin: IMarginEngine.Margin  # all zero unless the engine can tell


ENGINE: public(immutable(IMarginEngine))


@deploy
def __init__(engine: IMarginEngine):
    """
    @param engine Engine of the market whose vaults are looked at.
    """
    ENGINE = engine


@view
@external
def margins_of(vaults: DynArray[address, MAX_VAULTS]) -> DynArray[Row, MAX_VAULTS]:
    """
    @notice Return one row per address, in the same order; no vault can make the others fail.
    @dev With a dead collateral price the row has both the status and the margin, in which the token
         counts as in a liquidation. With a dead price of the credit asset there is no margin.
    @param vaults Addresses to look at, at most 500.
    @return Rows.
    """
    factory: IVaultFactory = IVaultFactory(staticcall ENGINE.FACTORY())
    asset: address = staticcall ENGINE.ASSET()
    rows: DynArray[Row, MAX_VAULTS] = []
    for vault: address in vaults:
        row: Row = Row(
            vault=vault,
            status=NOT_A_VAULT,
            dead_token=empty(address),
            margin=empty(IMarginEngine.Margin),
        )
        if staticcall factory.vault_id(vault) != 0:
            row = self._row(vault, asset)
        rows.append(row)
    return rows


@internal
@view
def _row(vault: address, asset: address) -> Row:
    row: Row = Row(
        vault=vault,
        status=PRICE_DEAD,
        dead_token=asset,
        margin=empty(IMarginEngine.Margin),
    )
    success: bool = False
    response: Bytes[MARGIN_BYTES] = b""
    success, response = raw_call(
        ENGINE.address,
        abi_encode(vault, method_id=method_id("margin_of(address)")),
        max_outsize=MARGIN_BYTES,
        gas=ROW_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    if success:
        row.margin = abi_decode(response, IMarginEngine.Margin)
        row.dead_token = row.margin.dead_token
        if row.dead_token == empty(address):
            row.status = OK
    return row
