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
from ringfence.interfaces import IVaultFactory

FLOOR: constant(uint256) = 12 * 10**17  # [WAD] health below which anyone may let it repay
ALL: constant(uint256) = max_value(uint256)

TREASURY: public(immutable(address))
FACTORY: public(immutable(IVaultFactory))
ENGINE: public(immutable(IMarginEngine))
ASSET: public(immutable(IERC20))

vault: public(IVault)


@deploy
def __init__(treasury: address, factory: IVaultFactory, engine: IMarginEngine, asset: IERC20):
    """
    @notice Serve a treasury in one market.
    @param treasury Who lends its collateral and gets the loan.
    @param factory Factory of the market, which knows its vaults.
    @param engine Margin engine of the market.
    @param asset What the market lends.
    """
    TREASURY = treasury
    FACTORY = factory
    ENGINE = engine
    ASSET = asset


@external
def adopt(vault: IVault):
    """
    @notice Take a vault that was opened for this contract, once.
    @param vault Vault of the market that this contract owns.
    """
    self._check_treasury()
    assert self.vault.address == empty(address), "loan: has a vault"
    assert staticcall FACTORY.vault_id(vault.address) != 0, "loan: not a vault"
    assert staticcall vault.owner() == self, "loan: of another owner"

    self.vault = vault


@external
def draw(token: address, assets: uint256):
    """
    @notice Let a token count as collateral, and borrow for the treasury.
    @param token Collateral in the vault.
    @param assets Amount to borrow. [asset]
    """
    self._check_treasury()

    extcall self.vault.enable_collateral(token)
    extcall self.vault.borrow(assets, TREASURY)

    assert self._health() >= FLOOR, "loan: too close"


@external
def defend() -> uint256:
    """
    @notice Repay with what this contract keeps, if health is below the floor; anyone may.
    @return Amount repaid. [asset]
    """
    assert self._health() < FLOOR, "loan: healthy"
    kept: uint256 = staticcall ASSET.balanceOf(self)
    assert kept > 0, "loan: keeps nothing"

    return self._repay(min(kept, staticcall self.vault.debt()))


@external
def close(tokens: DynArray[address, 16]):
    """
    @notice Repay the rest, if there is any, and give everything to the treasury.
    @dev Whoever repaid it, and even if it was written off, nothing stays behind.
    @param tokens What the vault may hold.
    """
    self._check_treasury()
    debt: uint256 = staticcall self.vault.debt()
    assert staticcall ASSET.balanceOf(self) >= debt, "loan: keeps too little"

    if debt > 0:
        self._repay(debt)
    for token: address in tokens:
        if staticcall IERC20(token).balanceOf(self.vault.address) > 0:
            extcall self.vault.withdraw(token, ALL, TREASURY)
    left: uint256 = staticcall ASSET.balanceOf(self)
    if left > 0:
        assert extcall ASSET.transfer(TREASURY, left, default_return_value=True), "loan: refused"


@internal
def _check_treasury():
    assert msg.sender == TREASURY, "loan: not the treasury"


@internal
def _repay(assets: uint256) -> uint256:
    """
    @dev The vault may take less, so that no debt below the smallest is left.
    """
    vault: address = self.vault.address
    assert extcall ASSET.approve(vault, assets, default_return_value=True), "loan: refused"
    paid: uint256 = extcall self.vault.repay(assets)
    assert extcall ASSET.approve(vault, 0, default_return_value=True), "loan: refused"
    return paid


@internal
@view
def _health() -> uint256:
    """
    @dev Interest until now included. [WAD]
    """
    return (staticcall ENGINE.margin_of(self.vault.address)).health
