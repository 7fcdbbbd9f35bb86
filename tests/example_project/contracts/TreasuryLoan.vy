# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Treasury Loan
@license AGPL-3.0-only
@author The Ringfence authors
@notice Borrows against a treasury's collateral in a vault of its own, and repays by itself, from
    what it keeps for that, when the vault comes too close to liquidation.
"""
from ethereum.ercs import IERC20
from ringfence.interfaces import IMarginEngine
from ringfence.interfaces import IVault

FLOOR: constant(uint256) = 12 * 10**17  # [WAD] health below which anyone may let it repay
ALL: constant(uint256) = max_value(uint256)

TREASURY: public(immutable(address))
ENGINE: public(immutable(IMarginEngine))
ASSET: public(immutable(IERC20))

vault: public(IVault)


@deploy
def __init__(treasury: address, engine: IMarginEngine, asset: IERC20):
    """
    @notice Serve a treasury in one market.
    @param treasury Who lends its collateral and gets the loan.
    @param engine Margin engine of the market.
    @param asset What the market lends.
    """
    TREASURY = treasury
    ENGINE = engine
    ASSET = asset


@external
def adopt(vault: IVault):
    """
    @notice Take a vault that was opened for this contract, once.
    @param vault Vault that this contract owns.
    """
    assert msg.sender == TREASURY, "loan: not the treasury"
    assert self.vault.address == empty(address), "loan: has a vault"
    assert staticcall vault.owner() == self, "loan: of another owner"
    self.vault = vault


@external
def draw(token: address, assets: uint256):
    """
    @notice Let a token count as collateral, and borrow for the treasury.
    @param token Collateral in the vault.
    @param assets Amount to borrow. [asset]
    """
    assert msg.sender == TREASURY, "loan: not the treasury"
    extcall self.vault.enable_collateral(token)

    extcall self.vault.borrow(assets, TREASURY)

    assert self._health() >= FLOOR, "loan: too close"


@external
def defend() -> uint256:
    """
    @notice Repay with all that this contract keeps, if health is below the floor; anyone may.
    @return Amount repaid. [asset]
    """
    assert self._health() < FLOOR, "loan: healthy"
    kept: uint256 = staticcall ASSET.balanceOf(self)
    extcall ASSET.approve(self.vault.address, kept)

    return extcall self.vault.repay(kept)


@external
def close(token: address):
    """
    @notice Repay the rest, and give collateral and what is left to the treasury.
    @param token Collateral in the vault.
    """
    assert msg.sender == TREASURY, "loan: not the treasury"
    kept: uint256 = staticcall ASSET.balanceOf(self)
    extcall ASSET.approve(self.vault.address, kept)
    extcall self.vault.repay(ALL)

    extcall self.vault.withdraw(token, ALL, TREASURY)
    extcall ASSET.transfer(TREASURY, staticcall ASSET.balanceOf(self))


@internal
@view
def _health() -> uint256:
    """
    @dev Interest until now included. [WAD]
    """
    return (staticcall ENGINE.margin_of(self.vault.address)).health
