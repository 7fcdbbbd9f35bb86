"""The one way to deploy a market: tests, demo and scripts use it.

`plan` decides everything beforehand, `site` carries it out, `journal` notes each step, `rehearsal`
learns what it costs, `check` compares what stands with what was configured.
"""

from ringfence.addresses import create_address
from ringfence.deployment.check import findings
from ringfence.deployment.rehearsal import rehearsed_gas
from ringfence.deployment.site import check_site, deploy_market, plan_market, resolved
from ringfence.deployment.verification import write_verification

__all__ = [
    "check_site",
    "create_address",
    "deploy_market",
    "findings",
    "plan_market",
    "rehearsed_gas",
    "resolved",
    "write_verification",
]
