"""Everything that can be seen of both markets, read in one call and said by the model."""

from dataclasses import astuple

from eth_abi import decode, encode

from ringfence.model.refusal import Refused
from tests.stateful.driver import ERROR

NOW = ("cash", "debt_index", "total_scaled_debt", "total_debt", "totalAssets", "totalSupply",
       "borrow_rate", "lender_losses", "borrowing_stopped", "pause_level", "supply_cap",
       "borrow_cap", "min_debt", "max_debt")  # fmt: skip
OF_VAULT = ("owner", "pending_owner", "fund_class", "scaled_debt", "debt", "collateral_mask",
            "hold_until")  # fmt: skip
OF_FACTORY = ("owner", "pending_owner", "vault_count", "risk_admin", "guardian",
              "compliance_officer")  # fmt: skip
MASK = 2**256 - 1


class Census:
    """What is looked at, and what the model says of it; made anew when a vault is opened."""

    def __init__(self, world):
        self.world = world
        self.labels, self._said, groups = [], [], []
        self.vault_words = {}  # vault -> places of the answers that only its own acts may change
        for targets, calls in self._groups():
            groups.append(([it.address for it in targets], [call for call, _, _ in calls]))
            for target in targets:
                for _, label, said in calls:
                    self._look(target, label, said)
        self._payload = world.observer.payload("census", groups)

    def _look(self, target, label, said):
        part = self.world.chain.parts[target.address]
        kind, owner = label[0], label[1:]
        place = target.address if kind in OF_VAULT else owner[0] if owner else None
        is_own = target.kind == "Vault" and kind != "debt"
        if is_own or (target.kind == "MockToken" and place in self._vaults):
            self.vault_words.setdefault(place, []).append(len(self._said))
        self.labels.append((target, *label))
        self._said.append((part, said))

    # -- Comparing -------------------------------------------------------------------------------

    def compare(self):
        """Find chain and model equal in every answer; return the model's answers."""
        world = self.world
        response = world.driver.call(world.observer.address, self._payload)
        moment = int.from_bytes(response[:32], "big")
        world.chain.now = moment
        said = [answer(part, say) for part, say in self._said]
        if response != encoded(moment, said):
            self._differ(response, said)
        return said

    def _differ(self, response, said):
        _, answers = decode(["uint256", "bytes[]"], response)
        for label, answer, expected in zip(self.labels, answers, said, strict=True):
            assert answer == expected, f"{label}: chain {words(answer)}, model {words(expected)}"
        raise AssertionError("the census is encoded differently")

    # -- Looking ---------------------------------------------------------------------------------

    def _groups(self):
        world, sides = self.world, self.world.sides
        self._vaults = [it.address for side in sides for it in side.vaults]
        tokens = list(world.tokens.values())
        places = [*self._vaults, *world.holders, world.people[5], world.people[10]]
        places += [it.address for side in sides for it in side.contracts.values()]
        yield tokens, [_balance(tokens[0], place) for place in places]
        pools = [side.pool for side in sides]
        lenders = [*world.holders, world.people[5], *(side.fund.address for side in sides)]
        yield pools, [_view(pools[0], name) for name in NOW]
        yield pools, [_balance(pools[0], lender) for lender in lenders]
        vaults = [vault for side in sides for vault in side.vaults]
        yield vaults, [_view(vaults[0], name) for name in OF_VAULT]
        for side in sides:
            yield [side.engine], [_of(side.engine, "margin_of", it.address) for it in side.vaults]
        oracles = [side.oracle for side in sides]
        prices = [_of(oracles[0], name, it.address) for it in tokens for name in OF_PRICE]
        yield oracles, prices
        factories = [side.factory for side in sides]
        views = [_view(factories[0], name) for name in OF_FACTORY]
        ids = [_number(factories[0], "vault_id", it) for it in self._vaults]
        yield factories, views + ids


OF_PRICE = ("price_of", "low_price_of")


def _view(contract, name):
    return contract.payload(name), (name,), lambda part: [told(part, name)]


def _of(contract, name, subject):
    def said(part):
        found = getattr(part, name)(subject)
        return found if isinstance(found, tuple) else astuple(found)

    return contract.payload(name, subject), (name, subject), said


def _number(contract, name, subject):
    call = contract.payload(name, subject)
    return call, (name, subject), lambda part: [getattr(part, name)(subject)]


def _balance(contract, place):
    return _number(contract, "balanceOf", place)


def told(part, name):
    """What a part of the model says, by method or by attribute."""
    found = getattr(part, name)
    return found() if callable(found) else found


def answer(part, said):
    """What the model answers, encoded as the chain would."""
    try:
        return b"".join(map(word, said(part)))
    except Refused as refused:
        if refused.reason == "":
            return b""
        return ERROR + encode(["string"], [refused.reason])


def word(value):
    """One value in 32 bytes."""
    if isinstance(value, str):
        return bytes.fromhex(value[2:]).rjust(32, b"\0")
    return (int(value) & MASK).to_bytes(32, "big")


def words(answer):
    """An answer in numbers, for people."""
    if answer[:4] == ERROR:
        return decode(["string"], answer[4:])[0]
    return [int.from_bytes(answer[at : at + 32], "big") for at in range(0, len(answer), 32)]


def encoded(moment, answers):
    """The ABI encoding of a number and a list of answers."""
    offsets, tails, at = [], [], 32 * len(answers)
    for it in answers:
        padded = it + bytes(-len(it) % 32)
        offsets.append(at.to_bytes(32, "big"))
        tails.append(len(it).to_bytes(32, "big") + padded)
        at += 32 + len(padded)
    head = (moment, 64, len(answers))
    return b"".join([*(it.to_bytes(32, "big") for it in head), *offsets, *tails])
