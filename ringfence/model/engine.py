"""Executable specification of `MarginEngine.vy`."""

from dataclasses import dataclass
from typing import Protocol, cast

from ringfence.model import bitmap
from ringfence.model.chain import ZERO
from ringfence.model.fixed_point import sint, uint
from ringfence.model.health import cushion, health
from ringfence.model.judgement import Judgement
from ringfence.model.refusal import check


class MarginState(Protocol):
    """What the engine reads of a vault that is not in the middle of a transaction."""

    def collateral_mask(self) -> int:
        """Enabled collateral."""

    def debt(self) -> int:
        """What the vault owes now [asset]."""

    def scaled_debt(self) -> int:
        """The debt without interest since the pool began [asset / index]."""


@dataclass(frozen=True)
class Margin:
    """Margin state of a vault in the words of the design."""

    collateral_value: int  # [WAD] C
    debt_value: int  # [WAD] D
    equity: int  # [WAD] C - D
    initial_margin: int  # [WAD] equity - available funds
    maintenance_margin: int  # [WAD] C - weighted value
    health: int  # [WAD] weighted value / D; maximum without debt
    available_funds: int  # [WAD]
    excess_liquidity: int  # [WAD] equity - maintenance margin
    cushion: int  # [WAD] excess liquidity / equity, towards zero
    debt: int  # [asset]
    dead_token: str  # an enabled token with a balance and a dead price; zero for none


class MarginEngineModel(Judgement):
    """The judge of one market; it moves nothing and remembers nothing about any vault."""

    # -- Views for a vault in the middle of its transaction ----------------------------------------

    def listed_bit(self, token: str) -> int:
        """Bit of a token that is listed."""
        return bitmap.bit(self._listed(token))

    def carries(self, mask: int, debt: int, *, sender: str) -> bool:
        """Whether the collateral of the calling vault carries a debt [asset]."""
        carried, dead_token = self._carried(sender, mask)
        check(dead_token == ZERO, "engine: dead price")
        return self._debt_value(debt, self._debt_price()) <= carried

    def tokens_of(self, mask: int) -> list[str]:
        """Tokens of a mask, in the order of their listing."""
        return [self.token_at(index) for index in bitmap.members(mask)]

    # -- Views for everybody -----------------------------------------------------------------------

    def margin_of(self, vault: str) -> Margin:
        """Margin state of a vault."""
        state = self._vault(vault)
        mask = state.collateral_mask()
        case = self._take(vault, mask, state.debt())
        carried, dead_token = self._carried(vault, mask)

        owed = sint(case.debt_value)
        equity = sint(case.collateral_value) - owed
        available = sint(carried) - owed
        excess = sint(case.weighted_value) - owed
        return Margin(
            collateral_value=case.collateral_value,
            debt_value=case.debt_value,
            equity=equity,
            initial_margin=equity - available,
            maintenance_margin=case.collateral_value - case.weighted_value,
            health=health(case.weighted_value, case.debt_value),
            available_funds=available,
            excess_liquidity=excess,
            cushion=cushion(excess, equity),
            debt=case.debt,
            dead_token=dead_token,
        )

    def quote_liquidation(
        self, vault: str, token: str, max_repay: int
    ) -> tuple[int, int, int, int, int]:
        """What `liquidate` would do in this block.

        Repaid by the liquidator [asset], insurance on top [asset], seized [token], loss covered by
        the insurance fund [asset], loss of the lenders [asset].
        """
        state = self._vault(vault)
        verdict = self.judge(vault, state.collateral_mask(), state.debt(), token, max_repay)
        loss = self.pool.quote_settlement(
            uint(verdict.own_repaid + verdict.repaid),
            verdict.insurance,
            state.scaled_debt(),
            verdict.bad_debt,
        )
        return (
            verdict.repaid,
            verdict.insurance,
            verdict.seized,
            loss.by_shares + loss.by_cash,
            loss.lost,
        )

    def _vault(self, vault: str) -> MarginState:
        check(self.factory.vault_id(vault) != 0, "engine: not a vault")
        return cast("MarginState", self.chain.parts[vault])
