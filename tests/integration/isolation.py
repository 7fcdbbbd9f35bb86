"""What of a vault must not change while another one fails."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    owner: str
    pending_owner: str
    fund_class: int
    hold_until: int
    scaled_debt: int
    mask: int
    balances: tuple[int, ...]


def standing(market, vault):
    """All of a vault that is its own: the debt itself moves with the market's index."""
    return Standing(
        owner=vault.owner(),
        pending_owner=vault.pending_owner(),
        fund_class=vault.fund_class(),
        hold_until=vault.hold_until(),
        scaled_debt=vault.scaled_debt(),
        mask=vault.collateral_mask(),
        balances=tuple(token.balanceOf(vault) for token in market.tokens.values()),
    )
