"""Mirror of `modules/margin_state.vy`, with `modules/vault_slots.vy` unpacked: debt, collateral."""

from typing import ClassVar

from ringfence.model import bitmap
from ringfence.model.chain import Chain, Names, Part
from ringfence.model.engine import MarginEngineModel
from ringfence.model.judgement import Liquidation
from ringfence.model.packing import pack
from ringfence.model.refusal import check


class MarginState(Part):
    """Mask of enabled collateral and scaled debt of one vault; moves no token."""

    stored: ClassVar[Names] = ("_mask", "_scaled")

    def __init__(self, chain: Chain, address: str, engine: MarginEngineModel) -> None:
        Part.__init__(self, chain, address)
        self.engine = engine
        self.pool = engine.pool
        self.asset = engine.asset
        self._mask = 0
        self._scaled = 0  # [asset / index]

    def debt(self) -> int:
        """What the vault owes now, rounded up [asset]."""
        return self.pool.debt_of(self._scaled)

    def scaled_debt(self) -> int:
        """The debt without interest since the pool began [asset / index]."""
        return self._scaled

    def collateral_mask(self) -> int:
        """Enabled collateral as the engine's bits."""
        return self._mask

    def collaterals(self) -> list[str]:
        """Tokens that count as collateral."""
        return self.engine.tokens_of(self._mask)

    def _store(self, mask: int, scaled_debt: int) -> None:
        pack(mask, scaled_debt)
        self._mask, self._scaled = mask, scaled_debt

    def _enable_if_possible(self, token: str, bit: int) -> None:
        if bitmap.has(self._mask, bit) or bitmap.count(self._mask) == bitmap.MAX_MEMBERS:
            return
        if self.engine.is_live(token):
            self._mask |= bit

    def _leave(self, token: str, left: int) -> bool:
        """Whether the token is enabled; the last unit takes its bit with it."""
        bit = self.engine.bit_of(token)
        if not bitmap.has(self._mask, bit):
            return False
        if left == 0:
            self._mask = bitmap.without(self._mask, bit)
        return True

    def _check_pause(self) -> None:
        if self._scaled > 0:
            check(self.pool.pause_level() < 2, "vault: paused")

    def _check_margin(self) -> None:
        """Without debt nothing is checked: the exit is always open."""
        if self._scaled > 0:
            self._check_pause()
            self._check_carried(self.debt())

    def _check_carried(self, debt: int) -> None:
        is_carried = self.engine.carries(self._mask, debt, sender=self.address)
        check(is_carried, "vault: not enough margin")

    def _repayable(self, assets: int) -> int:
        check(assets > 0, "vault: zero amount")
        check(self._scaled > 0, "vault: no debt")
        paid = self.pool.repayable(assets, self._scaled)
        check(paid > 0, "vault: repay more")
        return paid

    def _judge(self, token: str, max_repay: int, burnable: int) -> Liquidation:
        check(self._scaled > 0, "vault: no debt")
        return self.engine.judge(self.address, self._mask, self.debt(), token, max_repay, burnable)
