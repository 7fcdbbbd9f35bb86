"""Mirror of `modules/engine_rules.vy` and `modules/liquidation_terms.vy`: what the admin sets."""

from dataclasses import dataclass, replace
from typing import ClassVar

from ringfence.model.chain import Chain, Names, transaction
from ringfence.model.collateral_registry import MAX_CAP, MAX_TIME, CollateralRegistry, Token
from ringfence.model.fixed_point import MAX_UINT, WAD, mul_div_up, uint
from ringfence.model.notice import Call, Notice
from ringfence.model.oracle import PriceOracle
from ringfence.model.pool import PoolModel
from ringfence.model.pool_rules import Registry
from ringfence.model.refusal import check

MIN_RAMP = 259_200  # [s] 3 days
MAX_SECURED = WAD * 99 // 100  # [WAD] (1 + bonus) * maintenance LTV
MAX_TARGET = WAD * 5 // 4  # [WAD]
MIN_DECIMALS = 6
MAX_DECIMALS = 18


@dataclass(frozen=True)
class LiquidationTerms:
    """Bonus, healths, insurance share and dust value of liquidations."""

    min_bonus: int  # [WAD] at health 1
    max_bonus: int  # [WAD] at `floor_health` and below
    floor_health: int  # [WAD]
    target_health: int  # [WAD] to which a liquidation restores
    insurance_share: int  # [WAD] of the bonus
    dust_value: int  # [WAD] collateral worth no more is nothing to liquidate


class EngineRules(Notice, CollateralRegistry):
    """Rules of one market."""

    stored: ClassVar[Names] = ("_terms",)

    def __init__(
        self,
        chain: Chain,
        address: str,
        oracle: PriceOracle,
        pool: PoolModel,
        notice: int,
        terms: LiquidationTerms,
    ) -> None:
        Notice.__init__(self, chain, address, notice)
        CollateralRegistry.__init__(self, chain, address)
        self.oracle = oracle
        self.pool = pool
        self.factory: Registry = pool.factory
        self.asset = pool.asset()
        self.asset_decimals = chain.token(self.asset).decimals
        self.set_up_until = self.now + notice  # [unix s] until then tokens are listed at once
        self._set_liquidation_terms(terms)

    # -- Announcements -----------------------------------------------------------------------------

    @transaction
    def announce(self, call: Call, *, sender: str) -> None:
        """Announce a change of this engine."""
        self._check_risk_admin(sender)
        self._announce(call)

    @transaction
    def cancel(self, call: Call, *, sender: str) -> None:
        """Withdraw an announcement."""
        self._check_risk_admin(sender)
        self._cancel(call)

    # -- Tokens ------------------------------------------------------------------------------------

    @transaction
    def list_token(
        self, token: str, initial_ltv: int, maintenance_ltv: int, cap: int, *, sender: str
    ) -> None:
        """Accept a token as collateral: LTVs [WAD], cap of one vault [token]."""
        self._check_risk_admin(sender)
        if self.now > self.set_up_until:
            self._spend("list_token", token, initial_ltv, maintenance_ltv, cap)
        check(token != self.pool.address, "engine: shares are no collateral")
        check(initial_ltv <= maintenance_ltv, "engine: initial LTV too high")
        self._check_secured(maintenance_ltv, self._terms.max_bonus)
        check(self.is_live(token), "engine: dead price")
        decimals = self.chain.token(token).decimals
        check(MIN_DECIMALS <= decimals <= MAX_DECIMALS, "engine: decimals not 6 to 18")

        is_capped = self._is_cap(cap)
        self._append(
            Token(
                token,
                initial_ltv,
                maintenance_ltv,
                maintenance_ltv,
                0,
                0,
                decimals,
                False,
                is_capped,
            )
        )
        self.cap_of[token] = cap

    @transaction
    def delist_token(self, token: str, *, sender: str) -> None:
        """After notice, stop accepting a token for good."""
        self._check_risk_admin(sender)
        check(token != self.asset, "engine: credit asset stays")
        index = self._listed(token)
        self._spend("delist_token", token)
        entry = self._entries[index]
        if self._maintenance_ltv(entry) > 0:
            check(not self.is_live(token), "engine: ramp to zero first")
        self._entries[index] = replace(entry, start_ltv=0, target_ltv=0, is_delisted=True)

    @transaction
    def set_initial_ltv(self, token: str, ltv: int, *, sender: str) -> None:
        """Lower the initial LTV of a token [WAD] at once, or raise it after notice."""
        self._check_risk_admin(sender)
        index = self._listed(token)
        entry = self._entries[index]
        if ltv > entry.initial_ltv:
            self._spend("set_initial_ltv", token, ltv)
        check(ltv <= entry.target_ltv, "engine: initial LTV too high")
        self._entries[index] = replace(entry, initial_ltv=ltv)

    @transaction
    def raise_maintenance_ltv(self, token: str, ltv: int, *, sender: str) -> None:
        """Raise the maintenance LTV of a token [WAD] after notice."""
        self._check_risk_admin(sender)
        index = self._listed(token)
        self._spend("raise_maintenance_ltv", token, ltv)
        entry = self._entries[index]
        check(ltv > self._maintenance_ltv(entry), "engine: not a rise")
        self._check_secured(ltv, self._terms.max_bonus)
        self._set_maintenance(index, ltv, ltv, self.now)

    @transaction
    def ramp_maintenance_ltv(self, token: str, ltv: int, ends_at: int, *, sender: str) -> None:
        """Lower the maintenance LTV of a token [WAD] on a line that ends at `ends_at` [unix s]."""
        self._check_risk_admin(sender)
        index = self._listed(token)
        entry = self._entries[index]
        present = self._maintenance_ltv(entry)
        check(ltv < present, "engine: not a fall")
        check(entry.initial_ltv <= ltv, "engine: initial LTV too high")
        check(ends_at >= self.now + MIN_RAMP, "engine: ramp below 3 days")
        check(ends_at <= MAX_TIME, "engine: ramp too long")
        self._set_maintenance(index, present, ltv, ends_at)

    @transaction
    def set_token_cap(self, token: str, cap: int, *, sender: str) -> None:
        """Lower the cap of a token [token] at once, or raise it after notice."""
        self._check_risk_admin(sender)
        index = self._listed(token)
        if cap > self.cap_of.get(token, 0):
            self._spend("set_token_cap", token, cap)
        is_capped = self._is_cap(cap)
        self.cap_of[token] = cap
        self._entries[index] = replace(self._entries[index], is_capped=is_capped)

    # -- Liquidation terms -------------------------------------------------------------------------

    @transaction
    def set_liquidation_terms(self, terms: LiquidationTerms, *, sender: str) -> None:
        """Change the terms of liquidations after notice."""
        self._check_risk_admin(sender)
        self._spend("set_liquidation_terms", terms)
        self._check_secured(self._largest_maintenance_ltv(), terms.max_bonus)
        self._set_liquidation_terms(terms)

    # -- Views -------------------------------------------------------------------------------------

    def liquidation_terms(self) -> LiquidationTerms:
        """Terms of liquidations."""
        return self._terms

    def rules_of(self, token: str) -> Token:
        """Risk parameters of a token that is or was listed."""
        return self._entries[self._index_of(token)]

    def maintenance_ltv(self, token: str) -> int:
        """Maintenance LTV of a token now [WAD]."""
        return self._maintenance_ltv(self.rules_of(token))

    def is_live(self, token: str) -> bool:
        """Whether the price of a token can be believed."""
        return self.oracle.price_of(token)[1]

    # -- Internals ---------------------------------------------------------------------------------

    def _check_risk_admin(self, sender: str) -> None:
        check(sender == self.factory.risk_admin, "engine: not the risk admin")

    def _listed(self, token: str) -> int:
        index = self._index_of(token)
        check(not self._entries[index].is_delisted, "engine: token delisted")
        return index

    @staticmethod
    def _is_cap(cap: int) -> bool:
        """Tell a cap [token] from the maximum, which stands for none."""
        check(cap <= MAX_CAP or cap == MAX_UINT, "engine: cap above 96 bits")
        return cap != MAX_UINT

    @staticmethod
    def _check_secured(ltv: int, max_bonus: int) -> None:
        secured = mul_div_up(uint(WAD + max_bonus), ltv, WAD)
        check(secured <= MAX_SECURED, "engine: bonus too large for LTV")

    def _set_maintenance(self, index: int, start: int, target: int, ends_at: int) -> None:
        self._entries[index] = replace(
            self._entries[index],
            start_ltv=start,
            target_ltv=target,
            ramp_begin=self.now,
            ramp_end=ends_at,
        )

    def _set_liquidation_terms(self, terms: LiquidationTerms) -> None:
        check(0 < terms.min_bonus <= terms.max_bonus, "engine: bonus out of order")
        check(terms.max_bonus < WAD, "engine: bonus out of order")
        check(terms.floor_health < WAD, "engine: floor health above 1")
        check(terms.target_health > WAD, "engine: target health too low")
        check(terms.target_health <= MAX_TARGET, "engine: target health too high")
        check(terms.insurance_share < WAD, "engine: insurance takes all")
        check(0 < terms.dust_value < 2**128, "engine: dust out of range")
        self._terms = terms
