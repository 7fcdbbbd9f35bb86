"""A pool on doubles: any account may be its vault, and its rate is what the test says."""

from ringfence.deployment import create_address
from tests.steps import DAY, USDC, WAD, events

TERMS = {
    "name": "Ringfence test USDC",
    "symbol": "rfUSDC",
    "insurance_share": WAD // 10,
    "treasury_share": WAD // 20,
    "loss_stop": WAD // 20,
    "supply_cap": 50_000_000 * USDC,
    "borrow_cap": 40_000_000 * USDC,
    "min_debt": 1_000 * USDC,
    "max_debt": 5_000_000 * USDC,
    "notice": 3 * DAY,
}


def deploy_pool(project, deployer, asset, rates, registry, treasury, **changes):
    """Deploy a pool with some terms changed; its insurance fund is to stand one step further."""
    fund = create_address(deployer.address, deployer.nonce + 1)
    terms = TERMS | changes
    return deployer.deploy(project.CreditPool, asset, rates, registry, fund, treasury, terms)


def deploy_fund(project, deployer, pool):
    return deployer.deploy(project.InsuranceFund, pool, TERMS["notice"])


def charge(pool, rates, rate, sender):
    """Let the pool charge a rate [RAY / s] from now on."""
    rates.set_rate(rate, sender=sender)
    pool.accrue(sender=sender)


def shares_moved(receipt, pool):
    """Sender, receiver and amount of each transfer of the pool's shares; the asset logs its own."""
    logs = [log for log in events(receipt, pool.Transfer) if log.contract_address == pool.address]
    return [(log.sender, log.receiver, log.value) for log in logs]
