"""Deploys a market on the chain in this process, to learn what it costs elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ringfence.config import MarketConfig, OracleTerms, Roles
from ringfence.deployment.site import IN_PROCESS, Site

if TYPE_CHECKING:
    from ringfence.deployment.plan import Plan


def rehearsed_gas(project: Any, plan: Plan) -> dict[str, int]:
    """Return the gas of each creation and each call of a plan by name.

    What stands already on the chain of the plan is a mock here: a token or a feed behind a proxy
    takes a little more when it is listed.
    """
    from ape import accounts, networks

    with networks.ethereum.local.use_provider(IN_PROCESS):
        known = plan.roles.values()
        deployer = next(it for it in accounts.test_accounts if str(it.address) not in known)
        site = Site(project, deployer, _alike(plan), lambda _: None, None)
        site.deploy()
    return site.spent


def _alike(plan: Plan) -> MarketConfig:
    """The same market where nothing stands yet and the deployer is another."""
    config = plan.config
    roles = {name: None if it == plan.deployer else it for name, it in plan.roles.items()}
    return replace(
        config,
        credit_asset=_mocked(config.credit_asset),
        tokens=tuple(map(_mocked, config.tokens)),
        oracle=OracleTerms(),
        roles=Roles(**roles),
    )


def _mocked(token: Any) -> Any:
    feed = None if token.feed is None else replace(token.feed, address=None)
    return replace(token, address=None, feed=feed)
