"""Mirror of `modules/judgement.vy`: what the liquidation of a vault takes, pays and writes off."""

from dataclasses import dataclass, replace

from ringfence.model import bitmap
from ringfence.model import liquidation as sizing
from ringfence.model.chain import ZERO
from ringfence.model.fixed_point import MAX_UINT, uint
from ringfence.model.health import amount_up, health, value_down
from ringfence.model.refusal import check
from ringfence.model.survey import Case, Holding, Survey


@dataclass(frozen=True)
class Liquidation:
    """Verdict that a vault carries out."""

    own_repaid: int = 0  # [asset] from the vault's own credit asset, without bonus
    repaid: int = 0  # [asset] by the liquidator
    insurance: int = 0  # [asset] by the liquidator, on top
    seized: int = 0  # [token] for the liquidator
    bad_debt: int = 0  # [asset] to be written off
    mask: int = 0  # collateral enabled afterwards


@dataclass(frozen=True)
class Surrender:
    """Delisted collateral that makes good for a written-off debt."""

    token: str
    amount: int  # [token]
    bit: int  # of the token, if that is all of it; else 0


@dataclass(frozen=True)
class Seizure:
    """A repayment and what it buys."""

    repaid: int  # [asset]
    insurance: int  # [asset]
    seized: int  # [token]


CRUMBS = 1_000  # [asset] what is worth less is dust, whatever is configured


class Judgement(Survey):
    """Sizes liquidations."""

    def judge(
        self,
        vault: str,
        mask: int,
        debt: int,
        token: str,
        max_repay: int,
        burnable: int = MAX_UINT,
    ) -> Liquidation:
        """Decide what a liquidation takes and pays.

        The liquidator repays at most `max_repay`, the vault's own asset at most `burnable` [asset].
        """
        case = self._take(vault, mask, debt)
        check(case.weighted_value < case.debt_value, "engine: vault is healthy")

        case, verdict = self._burn_own(case, Liquidation(mask=mask), burnable)
        if case.weighted_value < case.debt_value and token not in (self.asset, ZERO):
            case, verdict = self._seize(case, verdict, token, max_repay)
        verdict = replace(verdict, bad_debt=self._bad_debt(case))
        check(
            verdict.own_repaid + verdict.repaid + verdict.bad_debt > 0,
            "engine: nothing to liquidate",
        )
        return verdict

    def surrender_of(self, vault: str, mask: int, bad_debt: int) -> list[Surrender]:
        """What a vault owes the insurance fund for a debt that was written off [asset]."""
        owed = self._debt_value(bad_debt, self._debt_price())
        surrender = []
        for index in bitmap.members(mask):
            holding = self._holding(vault, index)
            if owed == 0 or not self._entries[index].is_delisted or holding.balance == 0:
                continue
            whole = amount_up(owed, holding.price, holding.decimals)
            amount = min(holding.balance, whole)
            owed -= min(owed, value_down(amount, holding.price, holding.decimals))
            bit = bitmap.bit(index) if amount == holding.balance else 0
            surrender.append(Surrender(holding.token, amount, bit))
        return surrender

    def _burn_own(
        self, case: Case, verdict: Liquidation, burnable: int
    ) -> tuple[Case, Liquidation]:
        """The vault's own credit asset pays before anything is sold, as far as it can move."""
        for position, holding in enumerate(case.holdings):
            if holding.token != self.asset or holding.balance == 0 or burnable == 0:
                continue
            own = min(holding.balance, case.debt, burnable)
            mask = self._mask_after(verdict.mask, holding, own)
            return (
                self._after_trade(case, position, own, own),
                replace(verdict, own_repaid=own, mask=mask),
            )
        return case, verdict

    def _seize(
        self, case: Case, verdict: Liquidation, token: str, max_repay: int
    ) -> tuple[Case, Liquidation]:
        position = self._position_of(case, token)
        holding = case.holdings[position]
        check(holding.is_live and holding.balance > 0, "engine: token not seizable")
        seizure = self._size(case, position, max_repay)
        outcome = replace(
            verdict,
            repaid=seizure.repaid,
            insurance=seizure.insurance,
            seized=seizure.seized,
            mask=self._mask_after(verdict.mask, holding, seizure.seized),
        )
        return self._after_trade(case, position, seizure.seized, seizure.repaid), outcome

    def _size(self, case: Case, position: int, max_repay: int) -> Seizure:
        """How much may be repaid against one holding, and what that buys."""
        terms = self._terms
        holding = case.holdings[position]
        now = health(case.weighted_value, case.debt_value)
        smallest = self.pool.min_debt()
        is_deep = sizing.is_deep(now, holding.ltv, terms.min_bonus)

        reward = terms.min_bonus
        need = case.debt
        if is_deep and now > terms.floor_health:
            self._check_no_better(case, position, now)
        if not is_deep:
            reward = sizing.bonus(
                now, holding.ltv, terms.min_bonus, terms.max_bonus, terms.floor_health
            )
            reward = sizing.affordable(
                reward, terms.min_bonus, case.collateral_value, case.debt_value
            )
            if not sizing.is_small(case.debt, smallest):
                need = min(need, self._need(case, holding.ltv, reward))

        seizure = self._trade(case, holding, reward, min(max_repay, need), smallest)
        if is_deep:
            return seizure
        due = sizing.insurance_due(seizure.repaid, reward, terms.insurance_share)
        return replace(seizure, insurance=due)

    def _need(self, case: Case, ltv: int, reward: int) -> int:
        """The repayment that restores the target health [asset]."""
        worth = sizing.value_to_target(
            case.weighted_value, case.debt_value, ltv, reward, self._terms.target_health
        )
        return amount_up(worth, case.debt_price, self.asset_decimals)

    def _trade(
        self, case: Case, holding: Holding, reward: int, wanted: int, smallest: int
    ) -> Seizure:
        """Exchange a repayment for collateral, leaving no debt below the smallest unless all of
        the holding goes.
        """
        repaid = wanted
        seized = self._seizable(case, holding, reward, repaid)
        if seized >= holding.balance:
            seized = holding.balance
            repaid = min(repaid, self._price_of_all(case, holding, reward))
        elif repaid < case.debt and case.debt - repaid < smallest:
            check(not sizing.is_small(case.debt, smallest), "engine: repay in full")
            repaid = case.debt - smallest
            seized = self._seizable(case, holding, reward, repaid)
        check(repaid > 0 and seized > 0, "engine: nothing to seize")
        return Seizure(repaid=repaid, insurance=0, seized=seized)

    def _check_no_better(self, case: Case, position: int, now: int) -> None:
        """A deep token may not be picked while another could restore the vault's health; the credit
        asset is nothing to pick.
        """
        terms = self._terms
        threshold = sizing.alternative_value(case.debt_value, self._dust_value(case))
        for other, holding in enumerate(case.holdings):
            if other == position or holding.token == self.asset:
                continue
            if not holding.is_live or holding.value() < threshold:
                continue
            check(sizing.is_deep(now, holding.ltv, terms.min_bonus), "engine: pick another token")

    def _bad_debt(self, case: Case) -> int:
        """All of the debt [asset], once collateral is worth less than it and at most dust.

        So it must be even at the highest price that a token with a dead one may have; a token that
        does not tell its balance may be worth anything, until it is delisted.
        """
        if case.debt == 0:
            return 0
        line = min(self._dust_value(case), case.debt_value - 1)
        worth = case.collateral_value
        if worth > line:
            return 0
        for held in case.holdings:
            if held.is_live:
                continue
            if held.balance == 0:
                return 0
            worth = uint(worth + self._highest_value(held) - held.value())
        return case.debt if worth <= line else 0

    def _dust_value(self, case: Case) -> int:
        """Dust [WAD]: at most a tenth of the smallest debt, at least what buys no debt."""
        smallest = self._debt_value(self.pool.min_debt(), case.debt_price)
        crumbs = self._debt_value(CRUMBS, case.debt_price)
        return min(max(self._terms.dust_value, crumbs), smallest // 10)

    def _seizable(self, case: Case, holding: Holding, reward: int, repaid: int) -> int:
        return sizing.seizable(
            repaid, case.debt_price, self.asset_decimals, reward, holding.price, holding.decimals
        )

    def _price_of_all(self, case: Case, holding: Holding, reward: int) -> int:
        return sizing.price_of_all(
            holding.balance,
            case.debt_price,
            self.asset_decimals,
            reward,
            holding.price,
            holding.decimals,
        )

    @staticmethod
    def _mask_after(mask: int, holding: Holding, gone: int) -> int:
        """The last unit takes the token's bit with it."""
        return mask if gone < holding.balance else bitmap.without(mask, bitmap.bit(holding.index))
