"""A pool and its model that do the same in the same second, and must answer the same."""

from dataclasses import astuple, dataclass, field, is_dataclass
from inspect import signature

from ringfence.model.chain import Chain, TokenModel
from ringfence.model.fund import InsuranceFundModel
from ringfence.model.pool import PoolModel, PoolTerms
from ringfence.model.rates import MockRateModel
from tests.steps import events
from tests.unit.pool.bare import TERMS


@dataclass
class Registry:
    """The factory's answers to the pool."""

    address: str
    owner: str
    risk_admin: str
    guardian: str
    vaults: set = field(default_factory=set)

    def vault_id(self, vault):
        return int(vault in self.vaults)


@dataclass
class Twin:
    """The actor is lender and vault in one."""

    pool: object
    asset: object
    rates: object
    actor: object
    sender: object
    model: PoolModel

    def run(self, *calls):
        """Make several calls in one transaction; return their answers, which the model shares.

        A call is the name of a function and its arguments. One that starts with `asset.` goes to
        the asset.
        """
        actions = [self._action(*call) for call in calls]

        receipt = self.actor.run(actions, sender=self.sender)

        self.model.chain.now = receipt.timestamp
        answers = [_decoded(log.response) for log in events(receipt, self.actor.Acted)]
        expected = [self._expected(*call) for call in calls]
        assert answers == expected
        return [answer[0] if len(answer) == 1 else tuple(answer) for answer in answers]

    def ask(self, *call):
        """Make one call; return its answer."""
        (answer,) = self.run(call)
        return answer

    def set_rate(self, rate):
        """Let the pool charge a rate from now on."""
        self.rates.set_rate(rate, sender=self.sender)
        self.model.rate_model.rate = rate
        self.run(("accrue",))

    def give_fund(self, assets):
        """Give cash to the insurance fund."""
        self.asset.mint(self.pool.INSURANCE_FUND(), assets, sender=self.sender)
        self.model.chain.parts[self.asset.address].mint(self.model.insurance_fund, assets)

    def _action(self, name, *args):
        target = self.asset if name.startswith("asset.") else self.pool
        return target, getattr(target, name.removeprefix("asset.")).encode_input(*args)

    def _expected(self, name, *args):
        target = self.model
        if name.startswith("asset."):
            target, name = self.model.chain.token(self.asset.address), name.removeprefix("asset.")
        method = getattr(target, name)
        args = [getattr(arg, "address", arg) for arg in args]
        if "sender" in signature(method).parameters:
            return _flat(method(*args, sender=self.actor.address))
        return _flat(method(*args))


def make_twin(pool, asset, rates, registry, actor, sender, wealth=10**18, **changes):
    """The actor has this much of the asset; the pool was deployed with these changes of terms."""
    chain = Chain(pool.creation_metadata.receipt.timestamp)
    token = TokenModel(chain, asset.address, asset.decimals())
    names = Registry(
        registry.address,
        registry.owner(),
        registry.risk_admin(),
        registry.guardian(),
        {actor.address},
    )
    terms = TERMS | changes
    numbers = {name: value for name, value in terms.items() if name not in ("name", "symbol")}
    model = PoolModel(
        chain,
        pool.address,
        token,
        MockRateModel(),
        names,
        pool.INSURANCE_FUND(),
        pool.TREASURY(),
        PoolTerms(**numbers),
    )
    model.fund = InsuranceFundModel(chain, model.insurance_fund, model, TERMS["notice"])
    asset.mint(actor, wealth, sender=sender)
    token.mint(actor.address, wealth)
    approval = asset.approve.encode_input(pool, 2**256 - 1)
    actor.run([(asset, approval)], sender=sender)
    return Twin(pool, asset, rates, actor, sender, model)


def _decoded(response):
    return [int.from_bytes(response[i : i + 32]) for i in range(0, len(response), 32)]


def _flat(answer):
    if answer is None:
        return []
    if is_dataclass(answer):
        return list(astuple(answer))
    return list(answer) if isinstance(answer, tuple) else [int(answer)]
