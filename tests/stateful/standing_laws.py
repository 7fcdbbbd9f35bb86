"""Laws of who holds what, who bears a loss, and whose word counts: 2, 4, 22, 23 and 24."""

from ringfence.model.brakes import MAX_LEVEL, MAX_PAUSE
from ringfence.model.chain import ZERO
from ringfence.model.fixed_point import mul_div_down
from ringfence.model.refusal import Refused
from ringfence.model.shares import VIRTUAL_ASSETS, VIRTUAL_SHARES

EMPTY = ("factory", "engine", "oracle", "lens")
PAID_OUT = {"liquidate", "realise_loss", "withdraw"}  # what may move tokens of the fund


class StandingLaws:
    """Compares the model before and after one step."""

    def __init__(self, world, step):
        self.world, self.step = world, step
        self._losses = [side.model.pool.lender_losses for side in world.sides]
        self._ends = [self._pause_ends(side) for side in world.sides]
        self._strays = [self._strays_of(side) for side in world.sides]
        self._offers = self._owners_and_offers()

    def check(self, outcome):
        """Assert the laws, now that the step was taken."""
        self._handing_over()
        for at, side in enumerate(self.world.sides):
            self._custody(side, self._strays[at])
            self._order_of_losses(side, self._losses[at])
            self._pauses(side, self._ends[at], outcome)
            self._identity(side)

    # -- 2: no commingling -----------------------------------------------------------------------

    def _custody(self, side, stray):
        for name in EMPTY:
            for token in self._parts_of_tokens():
                assert token.balances.get(side.contracts[name].address, 0) == 0, f"2: {name}"
        if self.step.target.kind == "MockToken":
            return
        of_pool, of_fund = self._strays_of(side)
        assert of_pool == stray[0], "2: the pool got a token that is not its own"
        if self.step.method not in PAID_OUT:
            assert of_fund == stray[1], "2: the fund got a token without a loss"

    def _strays_of(self, side):
        """What pool and fund hold of tokens other than the credit asset."""
        others = [it for it in self._parts_of_tokens() if it.address != side.asset.address]
        return [
            [it.balances.get(place.address, 0) for it in others] for place in (side.pool, side.fund)
        ]

    def _parts_of_tokens(self):
        return [self.world.chain.parts[it.address] for it in self.world.tokens.values()]

    # -- 4: the fund before the lenders ----------------------------------------------------------

    def _order_of_losses(self, side, before):
        pool, fund = side.model.pool, side.fund.address
        if pool.lender_losses <= before or self.step.reactions:
            return
        total, supply = pool.totalAssets() + VIRTUAL_ASSETS, pool.totalSupply() + VIRTUAL_SHARES
        assert mul_div_down(pool.balanceOf(fund), total, supply) == 0, "4: the fund keeps shares"
        asset = self.world.chain.parts[side.asset.address]
        cash = asset.balances.get(fund, 0)
        assert cash == 0 or self._refuses(asset, cash, fund, side.pool.address), "4: fund has cash"

    def _refuses(self, asset, amount, sender, receiver):
        saved = self.world.chain.save()
        try:
            return not asset.transfer(receiver, amount, sender=sender)
        except Refused:
            return True
        finally:
            self.world.chain.load(saved)

    # -- 22: pauses ------------------------------------------------------------------------------

    def _pauses(self, side, before, outcome):
        step, now = self.step, self._pause_ends(side)
        assert max(now) <= self.world.chain.now + MAX_PAUSE, "22: a pause without an end"
        assert now[1] <= now[0], "22: level 2 outlasts level 1"
        is_ours = step.target.address == side.pool.address
        if not (is_ours and step.method == "lower_pause"):
            assert all(new >= old for new, old in zip(now, before, strict=True)), "22: shortened"
        if is_ours and step.act == "pause" and self._is_pause(*step.args):
            assert outcome.refusal is None, f"22: the guardian is locked out: {outcome.refusal}"

    def _is_pause(self, level, duration):
        return 0 < level <= MAX_LEVEL and 0 < duration <= MAX_PAUSE

    def _pause_ends(self, side):
        return side.model.pool._first_end, side.model.pool._second_end

    # -- 23: a new owner starts clean ------------------------------------------------------------

    def _handing_over(self):
        for address, (owner, pending) in self._owners_and_offers().items():
            was, offered = self._offers.get(address, (owner, pending))
            if owner != was:
                assert owner == offered, f"23: {address} went to whom it was not offered"
                assert pending == ZERO, f"23: {address} is still on offer"

    def _owners_and_offers(self):
        return {
            vault.address: (part.owner(), part.pending_owner())
            for side in self.world.sides
            for vault in side.vaults
            for part in [side.model.vaults[vault.address]]
        }

    # -- 24: addresses ---------------------------------------------------------------------------

    def _identity(self, side):
        factory, opened = side.model.factory, [it.address for it in side.vaults]
        assert [factory.vault_id(it) for it in opened] == [*range(1, len(opened) + 1)], "24: ids"
        assert factory.vault_count() == len(opened), "24: a vault that nobody opened"
