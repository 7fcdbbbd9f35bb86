# pragma version 0.4.3
"""
@title Share Math
@license AGPL-3.0-only
@author The Ringfence authors
@notice Conversions between assets and shares of a pool.
@dev A virtual asset and 10**6 virtual shares stand in every pool from its first block. Whoever
     inflates the price of a share by a donation gives most of it to them, so that the next
     depositor cannot be robbed by rounding.
"""

from . import fixed_point as fp

VIRTUAL_ASSETS: constant(uint256) = 1
VIRTUAL_SHARES: constant(uint256) = 10**6
DECIMALS_OFFSET: constant(uint8) = 6


@internal
@pure
def to_shares_down(assets: uint256, total_assets: uint256, total_shares: uint256) -> uint256:
    """
    @notice Shares issued for `assets`: rounded down, those who stay are not diluted.
    """
    return fp.mul_div_down(assets, total_shares + VIRTUAL_SHARES, total_assets + VIRTUAL_ASSETS)


@internal
@pure
def to_shares_up(assets: uint256, total_assets: uint256, total_shares: uint256) -> uint256:
    """
    @notice Shares burned for `assets`: rounded up, those who stay are not diluted.
    """
    return fp.mul_div_up(assets, total_shares + VIRTUAL_SHARES, total_assets + VIRTUAL_ASSETS)


@internal
@pure
def to_assets_down(shares: uint256, total_assets: uint256, total_shares: uint256) -> uint256:
    """
    @notice Assets paid out for `shares`: rounded down, those who stay are not diluted.
    """
    return fp.mul_div_down(shares, total_assets + VIRTUAL_ASSETS, total_shares + VIRTUAL_SHARES)


@internal
@pure
def to_assets_up(shares: uint256, total_assets: uint256, total_shares: uint256) -> uint256:
    """
    @notice Assets demanded for `shares`: rounded up, those who stay are not diluted.
    """
    return fp.mul_div_up(shares, total_assets + VIRTUAL_ASSETS, total_shares + VIRTUAL_SHARES)
