# pragma version 0.4.3
"""
@title Isolation Witness
@license AGPL-3.0-only
@author The Ringfence authors
@notice Liquidates one vault and swears, within the same transaction, what all others looked like
        just before and just after.
@dev It pays with its own balance of the credit asset. For demonstrations and tests.
"""

from ethereum.ercs import IERC20

from ..interfaces import IVault

MAX_OTHERS: constant(uint256) = 32
MAX_TOKENS: constant(uint256) = 8


event Seen:
    vault: indexed(address)
    failing: indexed(address)
    is_after: indexed(bool)
    owner: address
    fund_class: uint256
    hold_until: uint256  # [unix s]
    debt: uint256  # [asset]
    scaled_debt: uint256  # [asset / index]
    collateral_mask: uint256
    balances: DynArray[uint256, MAX_TOKENS]  # [token] in the order of the call


@external
def liquidate(
    asset: IERC20,
    failing: IVault,
    token: address,
    max_repay: uint256,
    receiver: address,
    others: DynArray[address, MAX_OTHERS],
    tokens: DynArray[address, MAX_TOKENS],
):
    """
    @notice Liquidate `failing` and log the state of `others` before and after.
    @param asset Credit asset, of which this contract holds enough.
    @param failing Vault to liquidate.
    @param token Collateral to seize.
    @param max_repay Most to repay. [asset]
    @param receiver Account that gets the collateral.
    @param others Vaults to watch.
    @param tokens Tokens whose balances are watched.
    """
    self._look(failing, others, tokens, False)
    extcall asset.approve(failing.address, max_value(uint256))
    extcall failing.liquidate(token, max_repay, 0, receiver, block.timestamp, b"")
    extcall asset.approve(failing.address, 0)
    self._look(failing, others, tokens, True)


@external
def realise_loss(
    failing: IVault,
    others: DynArray[address, MAX_OTHERS],
    tokens: DynArray[address, MAX_TOKENS],
):
    """
    @notice Write off the debt of `failing` and log the state of `others` before and after.
    @param failing Vault without collateral.
    @param others Vaults to watch.
    @param tokens Tokens whose balances are watched.
    """
    self._look(failing, others, tokens, False)
    extcall failing.realise_loss()
    self._look(failing, others, tokens, True)


@internal
def _look(
    failing: IVault,
    others: DynArray[address, MAX_OTHERS],
    tokens: DynArray[address, MAX_TOKENS],
    is_after: bool,
):
    for other: address in others:
        vault: IVault = IVault(other)
        balances: DynArray[uint256, MAX_TOKENS] = []
        for token: address in tokens:
            balances.append(staticcall IERC20(token).balanceOf(other))
        log Seen(
            vault=other,
            failing=failing.address,
            is_after=is_after,
            owner=staticcall vault.owner(),
            fund_class=staticcall vault.fund_class(),
            hold_until=staticcall vault.hold_until(),
            debt=staticcall vault.debt(),
            scaled_debt=staticcall vault.scaled_debt(),
            collateral_mask=staticcall vault.collateral_mask(),
            balances=balances,
        )
