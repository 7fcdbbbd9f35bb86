"""The random life of a market: after each step the contracts equal the model, refusals included."""

from collections import Counter
from random import Random

import pytest

from tests.stateful.twin import Twin
from tests.steps import DAY, MAX, USDC, WAD, WBTC, WETH

STEPS = 80
SEEDS = range(3)
DOLLARS = {"WETH": 194, "WBTC": 7_935, "DAI": 1}
WHOLE = {"WETH": WETH, "WBTC": WBTC, "DAI": 10**18, "USDC": USDC}


class Life:
    """What may happen, drawn by chance."""

    def __init__(self, twin, seed, roles):
        self.twin, self.dice, self.roles = twin, Random(seed), roles
        self.market = twin.market
        self.walked = Counter()

    def step(self):
        act, sender, target, method, args = self._draw()
        elapsed = self.dice.choice((1, 1, 1, 60, 60, 3_600, 3_600, 10 * DAY))
        receipt = self.twin.do(target, method, *args, sender=sender, elapsed=elapsed)
        self.walked[act if receipt else f"{act} refused"] += 1
        if receipt and act == "liquidate":
            self.walked["write off"] += len(
                list(receipt.decode_logs(self.market.pool.DebtWrittenOff))
            )

    def _draw(self):
        chosen = self.dice.choices(list(ACTS), weights=list(ACTS.values()))[0]
        return (chosen.__name__, *chosen(self))

    # -- Chance ----------------------------------------------------------------------------------

    def vault(self):
        contract = self.dice.choice(list(self.twin.contracts.values()))
        return contract, self.twin.owners[contract.address]

    def vault_in_debt(self):
        """Mostly one in debt, and mostly the one that is worst off."""
        margins = {at: self.twin.margin_of(at) for at in self.twin.contracts}
        indebted = [at for at in margins if margins[at] and margins[at].debt > 0]
        if not indebted or self.dice.random() < 0.2:
            return self.vault()[0]
        return self.twin.contracts[min(indebted, key=lambda at: margins[at].health)]

    def token(self):
        symbol = self.dice.choice(list(self.market.tokens))
        return self.market.tokens[symbol], symbol

    def token_of(self, vault):
        """Mostly a token that counts in this vault."""
        tokens = self.twin.model.vaults[vault.address].collaterals()
        if not tokens or self.dice.random() < 0.1:
            return self.token()[0]
        chosen = self.dice.choice(tokens)
        return next(it for it in self.market.tokens.values() if it.address == chosen)

    def amount(self, symbol, dollars):
        """A random amount worth up to so many dollars; sometimes nothing, a unit, or all."""
        odd = self.dice.random()
        if odd < 0.1:
            return self.dice.choice((0, 1, MAX))
        return self.dice.randrange(1, dollars * WHOLE[symbol] // DOLLARS.get(symbol, 1) + 2)

    def anyone(self):
        return self.dice.choice(self.roles.holders)


# -- Acts: sender, target, method, arguments -------------------------------------------------------


def deposit(life):
    vault, owner = life.vault()
    token, symbol = life.token()
    return life.dice.choice((owner, owner, life.anyone())), vault, "deposit", (
        token, life.amount(symbol, 20_000),
    )  # fmt: skip


def withdraw(life):
    vault, owner = life.vault()
    token, symbol = life.token()
    return owner, vault, "withdraw", (token, life.amount(symbol, 5_000), owner)


def borrow(life):
    """Mostly as much as the margin carries, less a little."""
    vault, owner = life.vault()
    receiver = life.dice.choice((owner, owner, vault))
    margin = life.twin.margin_of(vault.address)
    funds = margin.available_funds * USDC // WAD if margin else 0
    if funds > 1_000 * USDC and life.dice.random() < 0.8:
        return owner, vault, "borrow", (funds * life.dice.choice((50, 90, 99)) // 100, receiver)
    return owner, vault, "borrow", (life.amount("USDC", 15_000), receiver)


def repay(life):
    vault = life.vault_in_debt()
    return life.anyone(), vault, "repay", (life.amount("USDC", 15_000),)


def repay_from_vault(life):
    vault, owner = life.vault()
    return owner, vault, "repay_from_vault", (life.amount("USDC", 5_000),)


def enable(life):
    vault, owner = life.vault()
    return owner, vault, "enable_collateral", (life.token()[0],)


def disable(life):
    vault, owner = life.vault()
    return owner, vault, "disable_collateral", (life.token()[0],)


def liquidate(life):
    vault = life.vault_in_debt()
    who = life.anyone()
    repayment = life.dice.choice((MAX, life.amount("USDC", 5_000)))
    return who, vault, "liquidate", (
        life.token_of(vault), repayment, 0, who, MAX, b"",
    )  # fmt: skip


def realise_loss(life):
    return life.anyone(), life.vault_in_debt(), "realise_loss", ()


def lend(life):
    who = life.anyone()
    return who, life.market.pool, "deposit", (life.dice.randrange(100_000 * USDC), who)


def leave_pool(life):
    who = life.anyone()
    return who, life.market.pool, "withdraw", (life.dice.randrange(100_000 * USDC), who, who)


def redeem(life):
    who = life.dice.choice((life.anyone(), life.roles.treasury))
    share = life.dice.randrange(1, 10**17)
    return who, life.market.pool, "redeem", (share, who, who)


def collect(life):
    return life.anyone(), life.market.pool, "collect", ()


def accrue(life):
    return life.anyone(), life.market.pool, "accrue", ()


def move_price(life):
    """A wander, and at times a jump."""
    symbol = life.dice.choice(list(DOLLARS))
    feed = life.market.feeds[symbol]
    factor = life.dice.choice((100, 100, 100, 97, 103, 90, 110, 70, 140, 45))
    answer = max(DOLLARS[symbol] * 10**6, feed.answer() * factor // 100)
    if symbol == "DAI":
        answer = min(max(answer, 8 * 10**7), 12 * 10**7)
    return life.anyone(), feed, "set_answer", (answer,)


def pause(life):
    return life.roles.guardian, life.market.pool, "pause", (life.dice.choice((1, 2)), 3_600)


def resume(life):
    return life.roles.risk_admin, life.market.pool, "resume_borrowing", ()


def hold(life):
    vault, _ = life.vault()
    until = life.twin.model.now + life.dice.choice((7_200, 10 * DAY, 40 * DAY))
    return life.roles.officer, vault, "place_hold", (bytes(32), until)


def add_to_fund(life):
    return life.anyone(), life.market.asset, "mint", (life.market.fund, 500 * USDC)


ACTS = {
    deposit: 12, withdraw: 6, borrow: 14, repay: 4, repay_from_vault: 3, enable: 2, disable: 2,
    liquidate: 16, realise_loss: 3, lend: 3, leave_pool: 2, redeem: 2, collect: 1, accrue: 1,
    move_price: 26, pause: 1, resume: 2, hold: 1, add_to_fund: 1,
}  # fmt: skip


class Roles:
    def __init__(self, holders, guardian, risk_admin, officer, treasury):
        self.holders, self.guardian, self.risk_admin = holders, guardian, risk_admin
        self.officer, self.treasury = officer, treasury


@pytest.fixture
def roles(accounts, guardian, risk_admin, officer, treasury):
    return Roles(accounts[6:11], guardian, risk_admin, officer, treasury)


@pytest.fixture
def twin(chain, project, deployer, market, config, accounts, roles):
    twin = Twin(chain, market, config, accounts, deployer.deploy(project.MockObserver))
    for number, holder in enumerate(roles.holders[:4]):
        twin.open_vault(holder, f"life {number}")
    spenders = [market.pool, *twin.contracts.values()]
    for holder in roles.holders:
        for token in market.tokens.values():
            twin.fill(token, holder, spenders, 10**30)
    return twin


@pytest.mark.parametrize("seed", SEEDS)
def test_contract_equals_model(twin, roles, seed):
    """`pytest -s` prints how often each act passed and was refused, and why."""
    life = Life(twin, seed, roles)
    lender = roles.holders[-1]
    twin.do(twin.market.pool, "deposit", 1_000_000 * USDC, lender, sender=lender)
    for vault, owner in [(it, twin.owners[at]) for at, it in twin.contracts.items()]:
        weth = twin.market.tokens["WETH"]
        twin.do(vault, "deposit", weth, 100 * WETH, sender=owner)
    for _ in range(STEPS):
        life.step()
        twin.compare(roles.holders)

    model = twin.model
    vaults = model.vaults.values()
    assert sum(v.scaled_debt() for v in vaults) == model.pool.total_scaled_debt()
    assert sum(v.debt() for v in vaults) - model.pool.total_debt() <= len(vaults)
    print(dict(life.walked), twin.refusals)
