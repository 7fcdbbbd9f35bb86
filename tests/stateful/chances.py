"""How often each act is drawn, out of the sum of all."""

from tests.stateful import acts_chance as chance
from tests.stateful import acts_office as office
from tests.stateful import acts_pool as pool
from tests.stateful import acts_vault as vault
from tests.stateful import plans

CHANCES = {
    vault.deposit: 40, vault.withdraw: 30, vault.borrow: 30, vault.repay: 20,
    vault.repay_from_vault: 10, vault.enable: 8, vault.disable: 10, vault.liquidate: 30,
    vault.attack: 8, vault.prepare: 3, vault.hook: 3, vault.realise_loss: 8, vault.donate: 6,
    vault.offer: 3, vault.accept: 3,
    vault.open_vault: 2, vault.open_house_vault: 1, vault.pose: 4,
    pool.lend: 16, pool.mint: 3, pool.leave: 5, pool.redeem: 5, pool.drain: 2,
    pool.send_shares: 3, pool.give_shares_to_fund: 1, pool.allow_shares: 2, pool.take_shares: 2,
    pool.leave_for_another: 2, pool.accrue: 3, pool.collect: 3,
    chance.move_price: 30, chance.kill_feed: 3, chance.revive_feed: 8, chance.misbehave: 4,
    chance.misbehave_asset: 2, chance.behave: 10, chance.block: 4, chance.charge: 2,
    chance.claim: 2, chance.rebase: 4,
    office.pause: 3, office.lower_pause: 4, office.resume: 10, office.hold: 3, office.release: 4,
    office.set_caps: 2, office.set_debt_limits: 2, office.ramp: 2, office.raise_ltv: 6,
    office.set_token_cap: 3, office.delist: 1, office.set_terms: 3, office.replace_feed: 4,
    office.second_feed: 3, office.list_spare: 4, office.withdraw_from_fund: 2,
    office.change_officer: 3, office.carry_out: 12, office.cancel: 2, office.trespass: 14,
    plans.crash: 40, plans.refresh_all: 5, plans.leverage: 24, plans.blackout: 4,
    plans.collapse: 1, plans.exit_all: 5,
}  # fmt: skip
ACTS, WEIGHTS = list(CHANCES), list(CHANCES.values())
