"""Chance, as the acts use it: who, which vault, which token, how much."""

from ringfence.model.fixed_point import WAD
from ringfence.model.refusal import Refused
from tests.steps import MAX

ODDS = (0, 1, MAX)


class Life:
    """One life of the world; `dice` decides everything in it."""

    def __init__(self, world, dice):
        self.world, self.dice = world, dice
        self.announced = []  # calls that stand announced
        self.draw = None  # draws an act
        self.plan = []  # what comes next: functions that return a step or None

    def random_step(self):
        """The next step of a random act; None if the act finds nothing to do."""
        return self.draw(self)(self)

    # -- Who -------------------------------------------------------------------------------------

    def side(self):
        return self.dice.choice(self.world.sides)

    def someone(self):
        return self.dice.choice(self.world.holders)

    def anyone(self):
        """A holder, or whoever has any role at all."""
        return self.dice.choice((*self.world.holders, *self.world.people[1:6], self.stranger))

    @property
    def stranger(self):
        return self.world.people[10]

    @property
    def keeper(self):
        """Whoever moves the mocks."""
        return self.world.people[12]

    def chance(self, share):
        return self.dice.random() < share

    # -- Vaults ----------------------------------------------------------------------------------

    def vault(self, side):
        """A vault and its owner."""
        vault = self.dice.choice(side.vaults)
        return vault, side.model.vaults[vault.address].owner()

    def in_debt(self, side):
        found = [it for it in side.vaults if side.model.vaults[it.address].scaled_debt()]
        return self.dice.choice(found) if found else None

    def worst(self, side):
        """Mostly the vault that is worst off."""
        indebted = [it for it in side.vaults if side.model.vaults[it.address].scaled_debt()]
        if not indebted or self.chance(0.15):
            return self.vault(side)[0]
        return min(indebted, key=lambda it: self.health(side, it))

    def is_dull(self, side, vault):
        """Mostly nobody tries to liquidate a healthy vault."""
        health = self.health(side, vault)
        return health >= WAD and self.chance(0.85)

    def margin(self, side, vault):
        """What the model says of a vault; None while the credit asset has no price."""
        try:
            return side.model.engine.margin_of(vault.address)
        except Refused:
            return None

    def health(self, side, vault):
        margin = self.margin(side, vault)
        return MAX if margin is None else margin.health

    # -- Tokens ----------------------------------------------------------------------------------

    def token(self, side):
        """Mostly a token of this market, at times any."""
        if self.chance(0.05):
            return self.dice.choice(list(self.world.tokens.values()))
        listed = [it for it in self.world.tokens.values() if self.is_listed(side, it)]
        return self.dice.choice(listed)

    def is_listed(self, side, token):
        return side.model.engine.bit_of(token.address) != 0

    def token_of(self, side, vault):
        """Mostly a token that counts in this vault."""
        at = side.model.vaults[vault.address].collaterals()
        if not at or self.chance(0.05):
            return self.token(side)
        return self.token_at(self.dice.choice(at))

    def token_at(self, address):
        return next(it for it in self.world.tokens.values() if it.address == address)

    def hostile(self):
        """A token that may misbehave: mostly one that is nobody's credit asset."""
        names = ("ODD", "ODD", "ODD", "ODD", "SPARE", "SPARE", "WETH", "WBTC")
        return self.world.tokens[self.dice.choice(names)]

    def feed_of(self, side, token):
        """The feed that a market reads for a token; None if it needs none."""
        source = side.model.oracle.feed_of(token.address).source
        return next((it for it in self.world.feeds.values() if it.address == source), None)

    # -- How much --------------------------------------------------------------------------------

    def amount(self, side, token, dollars):
        """An amount worth up to so many dollars; at times nothing, a unit, or all."""
        if self.chance(0.06):
            return self.dice.choice(ODDS)
        price = side.model.oracle.price_of(token.address)[0] or WAD
        decimals = self.world.chain.parts[token.address].decimals
        return self.dice.randint(1, dollars * WAD * 10**decimals // price + 2)

    def assets(self, side, value):
        """Credit asset worth a value [WAD]."""
        price = side.model.oracle.price_of(side.asset.address)[0]
        decimals = self.world.chain.parts[side.asset.address].decimals
        return max(0, value) * 10**decimals // price
