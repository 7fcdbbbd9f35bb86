"""Mirror of `math/share_math.vy`: conversions between assets and shares of a pool."""

from ringfence.model.fixed_point import mul_div_down, mul_div_up, uint

VIRTUAL_ASSETS = 1
VIRTUAL_SHARES = 10**6
DECIMALS_OFFSET = 6


def to_shares_down(assets: int, total_assets: int, total_shares: int) -> int:
    """Shares issued [share] for `assets` [asset], rounded down."""
    return mul_div_down(
        assets, uint(total_shares + VIRTUAL_SHARES), uint(total_assets + VIRTUAL_ASSETS)
    )


def to_shares_up(assets: int, total_assets: int, total_shares: int) -> int:
    """Shares burned [share] for `assets` [asset], rounded up."""
    return mul_div_up(
        assets, uint(total_shares + VIRTUAL_SHARES), uint(total_assets + VIRTUAL_ASSETS)
    )


def to_assets_down(shares: int, total_assets: int, total_shares: int) -> int:
    """Assets paid out [asset] for `shares` [share], rounded down."""
    return mul_div_down(
        shares, uint(total_assets + VIRTUAL_ASSETS), uint(total_shares + VIRTUAL_SHARES)
    )


def to_assets_up(shares: int, total_assets: int, total_shares: int) -> int:
    """Assets demanded [asset] for `shares` [share], rounded up."""
    return mul_div_up(
        shares, uint(total_assets + VIRTUAL_ASSETS), uint(total_shares + VIRTUAL_SHARES)
    )
