"""The one way to deploy a market: tests, demo and scripts use it.

`plan` decides everything beforehand, `site` carries it out and notes each step, `nonces` knows
where contracts come to stand and which transaction made them.
"""

from ringfence.deployment.nonces import create_address
from ringfence.deployment.site import check_site, deploy_market

__all__ = ["check_site", "create_address", "deploy_market"]
