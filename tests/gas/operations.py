"""What is measured: each operation by a real transaction, an hour of interest after the last."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.steps import MAX, USDC, WETH

ETHER, DEBT = 100, 10_000  # of the vaults: worth 20,000 dollars, and what they owe


@dataclass
class Meter:
    """Runs operations on a stage, and notes what they take."""

    stage: object
    gas: dict[str, int] = field(default_factory=dict)

    def note(self, name: str, act: Callable):
        """Let an hour pass, act, and note the gas of the transaction."""
        self.stage.pass_hour()
        self.gas[name] = act().gas_used

    def note_view(self, name: str, call) -> None:
        """Note what a view takes without the transaction around it, everything cold."""
        self.stage.pass_hour()
        method, *args = call
        request = {"to": method.contract.address, "data": method.encode_input(*args)}
        trace = self.stage.chain.provider.make_request(
            "debug_traceCall", [request, "latest", {"tracer": "callTracer"}]
        )
        data = bytes(method.encode_input(*args))
        zeros = data.count(0)
        self.gas[name] = int(trace["gasUsed"], 16) - 21_000 - 4 * zeros - 16 * (len(data) - zeros)


def measure(stage) -> dict[str, int]:
    """Return the gas of every operation, in the order in which people meet them."""
    meter = Meter(stage)
    stage.lend()
    stage.vault("other", ETHER, DEBT)
    stage.pass_hour()
    stage.pool.collect(sender=stage.who["lender"])
    stage.pass_hour()
    stage.pool.accrue(sender=stage.who["lender"])
    _owner(meter, stage)
    _lender(meter, stage)
    _liquidator(meter, stage)
    return meter.gas


def _owner(meter: Meter, stage) -> None:
    owner, weth, usdc = stage.who["owner"], stage.weth, stage.usdc
    label = b"main".ljust(32, b"\0")
    meter.note("open_vault", lambda: stage.market.factory.open_vault(owner, label, sender=owner))
    vault = stage.market.vault_of(owner, "main")
    stage.fill("owner", weth, 1_000 * WETH, vault)
    stage.fill("owner", usdc, 1_000_000 * USDC, vault)

    meter.note("deposit_first", lambda: vault.deposit(weth, ETHER * WETH, sender=owner))
    meter.note("deposit", lambda: vault.deposit(weth, ETHER * WETH, sender=owner))
    meter.note("borrow_first", lambda: vault.borrow(DEBT * USDC, owner, sender=owner))
    meter.note("borrow", lambda: vault.borrow(DEBT * USDC, owner, sender=owner))
    meter.note_view("margin_of", (stage.engine.margin_of, vault))
    meter.note("repay_partial", lambda: vault.repay(DEBT * USDC, sender=owner))
    meter.note("withdraw_with_debt", lambda: vault.withdraw(weth, WETH, owner, sender=owner))
    meter.note("repay_full", lambda: vault.repay(MAX, sender=owner))
    meter.note("withdraw", lambda: vault.withdraw(weth, MAX, owner, sender=owner))


def _lender(meter: Meter, stage) -> None:
    lender, pool = stage.who["lender"], stage.pool
    stage.fill("lender", stage.usdc, 1_000_000 * USDC, pool)
    deposit = (10_000 * USDC, lender)

    meter.note("lender_deposit_first", lambda: pool.deposit(*deposit, sender=lender))
    meter.note("lender_deposit", lambda: pool.deposit(*deposit, sender=lender))
    meter.note(
        "lender_withdraw", lambda: pool.withdraw(5_000 * USDC, lender, lender, sender=lender)
    )


def _liquidator(meter: Meter, stage) -> None:
    liquidator, weth = stage.who["liquidator"], stage.weth
    weth.mint(liquidator, WETH, sender=liquidator)
    terms = (weth, MAX, 0, liquidator, MAX, b"")
    partly, deep = stage.vault("partly", ETHER, DEBT), stage.vault("deep", ETHER, DEBT)

    stage.set_price(115 * 10**8)
    meter.note("liquidate_partial", lambda: partly.liquidate(*terms, sender=liquidator))
    stage.set_price(60 * 10**8)
    meter.note("liquidate_bad_debt", lambda: deep.liquidate(*terms, sender=liquidator))
