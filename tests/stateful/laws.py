"""What must be true after each step whatever was done; numbers are those of the 25 invariants."""

from dataclasses import dataclass

from ringfence.model.chain import ZERO
from ringfence.model.fixed_point import WAD
from ringfence.model.health import value_down, value_up
from ringfence.model.refusal import Refused
from ringfence.model.shares import VIRTUAL_ASSETS, VIRTUAL_SHARES
from tests.model.reach import is_out_of_reach
from tests.stateful.standing_laws import StandingLaws
from tests.steps import MAX

OWNERS_ACTS = {"deposit", "withdraw", "borrow", "repay", "repay_from_vault", "enable_collateral",
               "disable_collateral"}  # fmt: skip
BARRIERS = {"vault: paused", "vault: on hold", "pool: paused", "pool: borrowing stopped",
            "engine: dead price", "engine: dead credit price", "vault: dead price"}  # fmt: skip


@dataclass
class Before:
    """What was, at the moment of the step."""

    index: list[int]
    assets: list[int]
    supply: list[int]
    standing: StandingLaws
    health: int | None  # of the vault that the step is about
    held: dict | None = None  # token -> its balance in that vault
    mask: int = 0
    scaled: int = 0  # [asset / index]
    debt: int = 0
    verdict: object = None  # what a liquidation is to do, or why it is refused
    is_deep: bool = False
    dead: bool = False


class Laws:
    """Looks at the model, which equals the chain."""

    def __init__(self, world):
        self.world = world
        self.words = None  # what only a vault's own acts may change

    # -- Before ----------------------------------------------------------------------------------

    def before(self, step):
        """Note what is, as of the moment of the step."""
        pools = [side.model.pool for side in self.world.sides]
        seen = Before(
            [it.debt_index() for it in pools],
            [it.totalAssets() for it in pools],
            [it.totalSupply() for it in pools],
            StandingLaws(self.world, step),
            None,
        )
        if step.target.kind == "Vault":
            self._note_vault(seen, step)
        return seen

    def _note_vault(self, seen, step):
        side, part = self._of(step.target)
        seen.health = self.health(side, part)
        seen.held = self._held(part)
        seen.scaled = part.scaled_debt()
        seen.mask, seen.debt = part.collateral_mask(), part.debt()
        if step.method not in ("liquidate", "realise_loss"):
            return
        token, most = step.args[:2] if step.args else (ZERO, 0)
        engine = side.model.engine
        try:
            seen.verdict = engine.judge(part.address, seen.mask, seen.debt, token, most)
        except Refused as refused:
            seen.verdict = refused.reason
        seen.is_deep = self._is_deep(engine, seen.health, token)
        seen.dead = any(not engine.is_live(at) for at in part.collaterals())

    def _is_deep(self, engine, health, token):
        from ringfence.model.liquidation import is_deep

        if health is None or health >= WAD or engine.bit_of(token) == 0:
            return False
        return is_deep(health, engine.maintenance_ltv(token), engine.liquidation_terms().min_bonus)

    # -- After -----------------------------------------------------------------------------------

    def after(self, step, outcome, seen, said, census):
        """Assert every law; `said` are the answers of the census."""
        for side, index, assets, supply in zip(
            self.world.sides, seen.index, seen.assets, seen.supply, strict=True
        ):
            self._books(side, index, assets, supply, outcome)
            for vault in side.vaults:
                self._never_stuck(side, side.model.vaults[vault.address])
        self._isolation(step, said, census)
        seen.standing.check(outcome)
        assert step.act != "trespass" or outcome.refusal is not None, "6: not theirs, and passed"
        if step.target.kind != "Vault":
            return
        if outcome.refusal is None:
            self._vault(step, seen)
        else:
            self._refusal(step, seen, outcome.refusal)

    def _books(self, side, index, assets, supply, outcome):
        pool, vaults = side.model.pool, side.model.vaults.values()
        indebted = [it.debt() for it in vaults if it.scaled_debt()]
        assert sum(it.scaled_debt() for it in vaults) == pool.total_scaled_debt(), "7"
        assert 0 <= sum(indebted) - pool.total_debt() <= len(indebted), "8"
        assert index <= pool.debt_index(), "9: index falls"
        assert side.model.asset.balances.get(pool.address, 0) >= pool.cash(), "12"
        before = (assets + VIRTUAL_ASSETS) * (pool.totalSupply() + VIRTUAL_SHARES)
        after = (pool.totalAssets() + VIRTUAL_ASSETS) * (supply + VIRTUAL_SHARES)
        is_loss = any(self._is_write_off(side, log) for log in outcome.logs)
        assert after >= before or is_loss, "11: share price falls without a loss"

    def _is_write_off(self, side, log):
        """Whether a log says that this market's pool wrote off a debt."""
        address, topics = log
        name = self.world.events.get(topics[0])
        return address == side.pool.address.lower() and name == "CreditPool.DebtWrittenOff"

    def _isolation(self, step, said, census):
        """3: what a step is not about does not change."""
        new = {vault: [said[at] for at in places] for vault, places in census.vault_words.items()}
        old, self.words = self.words, new
        if old is None or step.target.kind == "MockToken":
            return
        touched = {step.target.address, *map(str, step.args)}
        actor = self.world.chain.parts[self.world.actor.address]
        for reaction in (*step.reactions, *actor.reactions):
            touched |= {reaction.target.address, *map(str, reaction.args)}
        for vault, words in new.items():
            assert vault in touched or old.get(vault, words) == words, f"3: {vault}"

    def _never_stuck(self, side, part):
        """A vault with health below one has a call that succeeds, unless dead tokens are in the
        way, or one unit of its tokens is worth more than the debt.
        """
        health = self.health(side, part)
        if health is None or health >= WAD or part.scaled_debt() == 0:
            return
        engine = side.model.engine
        for token in (*part.collaterals(), ZERO):
            try:
                engine.judge(part.address, part.collateral_mask(), part.debt(), token, MAX)
            except Refused:
                continue
            return
        case = engine._take(part.address, part.collateral_mask(), part.debt())
        if any(not it.is_live for it in case.holdings):
            return
        assert any(it.token != side.asset.address for it in case.holdings), f"stuck: {case}"
        assert is_out_of_reach(case, engine.liquidation_terms(), side.asset.address), (
            f"stuck: {case}"
        )

    def _vault(self, step, seen):
        side, part = self._of(step.target)
        health = self.health(side, part)
        smallest = side.model.pool.min_debt()
        if step.method in OWNERS_ACTS and seen.health is not None and seen.health >= WAD:
            assert health is None or health >= WAD, "14: an act made the vault liquidatable"
        if step.method in ("borrow", "withdraw", "disable_collateral") and part.scaled_debt():
            self._margin_after_risk(side, part, step, seen)
        if step.method == "borrow":
            assert part.debt() >= smallest, "20"
            assert part.scaled_debt() > seen.scaled, "10: free debt"
        if step.method == "repay":
            assert part.scaled_debt() < seen.scaled, "10: paid for nothing"
            assert seen.debt - part.debt() <= step.args[0], "10: more than was paid"
        if step.method == "repay" and 0 < part.debt() < smallest:
            assert seen.debt < smallest, "20: a repayment leaves dust"
        if step.method in ("liquidate", "realise_loss"):
            self._liquidation(side, part, step, seen, health)

        elif step.sender != part.owner():
            held = self._held(part)
            assert all(held[it] >= seen.held[it] for it in held), "5: taken by a stranger"

    def _held(self, part):
        return {it.address: self.world.chain.parts[it.address].balances.get(part.address, 0)
                for it in self.world.tokens.values()}  # fmt: skip

    def _refusal(self, step, seen, reason):
        """21: neither pause, hold nor price is in the way of paying in, nor of the exit."""
        if step.method in ("deposit", "repay"):
            assert reason not in BARRIERS, f"21: {reason}"
        if step.method == "withdraw" and seen.debt == 0:
            assert reason not in BARRIERS - {"vault: on hold"}, f"21: {reason}"

    def _margin_after_risk(self, side, part, step, seen):
        if step.method == "withdraw":
            bit = side.model.engine.bit_of(step.args[0])
            if not seen.mask & bit:
                return
        assert side.model.engine.margin_of(part.address).available_funds >= 0, "13"

    def _liquidation(self, side, part, step, seen, health):
        verdict = seen.verdict
        if not isinstance(verdict, str) and verdict.seized and not step.reactions:
            self._bonus(side, step.args[0], verdict)
        assert seen.health is not None, "15"
        assert seen.health < WAD, "15"
        if isinstance(verdict, str) or step.reactions:
            return
        if verdict.bad_debt:
            assert part.debt() == 0, "19"
            return
        if verdict.own_repaid or seen.is_deep or part.debt() == 0:
            return
        assert self.health(side, part, dust=1) >= seen.health, "16: health falls"
        is_exhausted = verdict.mask != seen.mask
        target = side.model.engine.liquidation_terms().target_health
        if not is_exhausted and part.debt() > side.model.pool.min_debt():
            assert health <= target + target // 10**6, f"18: {health} above {target}"

    def _bonus(self, side, token, verdict):
        """17: what was seized is worth no more than what was paid and the largest bonus."""
        engine = side.model.engine
        held = engine.rules_of(token).decimals
        seized = value_down(verdict.seized, engine.oracle.price_of(token)[0], held)
        price = engine.oracle.price_of(side.asset.address)[0]
        paid = value_up(verdict.repaid, price, engine.asset_decimals)
        most = paid * (WAD + engine.liquidation_terms().max_bonus)
        assert seized * WAD <= most, f"17: {seized} for {paid}"

    # -- Words -----------------------------------------------------------------------------------

    def _of(self, vault):
        side = self.world.side_of(vault)
        return side, side.model.vaults[vault.address]

    def health(self, side, part, dust=0):
        """Health of a vault [WAD]; None while the credit asset has no price.

        Dust is what rounding may cost a debtor: units of the debt, and twice as many of value.
        """
        debt = part.debt() - dust
        if debt <= 0:
            return MAX
        try:
            case = side.model.engine._take(part.address, part.collateral_mask(), debt)
        except Refused:
            return None
        return (case.weighted_value + 2 * dust) * WAD // case.debt_value
