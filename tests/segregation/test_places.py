"""Where contracts and tokens store what is proven: as the compiler says, and as tokens tell."""

import json
import subprocess

import pytest

from ringfence.market import PARTS
from ringfence.segregation import layout
from ringfence.segregation.probing import ERC7201, Place, place_of
from ringfence.segregation.proofs import State, Unproven, collected
from tests.sources import CONTRACTS

HOLDER = "0x" + 40 * "a"
FULL = 2**256 - 1


@pytest.fixture(scope="module")
def slots():
    """Slots of a contract by name, as the compiler lays them out."""

    def of(contract):
        return dict(_named(told_layout(contract)["storage_layout"]))

    return of


def _named(tree):
    for name, it in tree.items():
        if "slot" in it:
            yield name, it["slot"]
        else:
            yield from _named(it)


def test_slots_are_those_of_the_compiler(slots):
    assert slots("Vault") == {
        "_account": layout.ACCOUNT,
        "_debt": layout.DEBT,
        "_pending_owner": layout.PENDING_OWNER,
    }
    factory, pool, engine = map(slots, ("VaultFactory", "CreditPool", "MarginEngine"))
    assert (engine["token_count"], engine["_tokens"]) == (layout.TOKEN_COUNT, layout.TOKENS)
    assert (factory["vault_id"], factory["vault_count"]) == (layout.VAULT_ID, layout.VAULT_COUNT)
    assert (pool["_clock"], pool["_money"]) == (layout.CLOCK, layout.MONEY)


@pytest.mark.parametrize("part", PARTS)
def test_what_constructors_fix_is_where_the_compiler_has_it(part):
    found = list(_all_fixed(told_layout(PARTS[part])["code_layout"]))
    names = {"fund": "INSURANCE_FUND", "proxy": "PROXY_CODE_HASH"}
    if part == "pool":
        names["pool"] = "_CACHED_SELF"
    fixed = layout.FIXED[part]

    assert sum(it["length"] for _, it in found) == fixed.length
    where = {name: it["offset"] for name, it in found}
    assert {it: where[names.get(it, it.upper())] for it in fixed.links} == fixed.links


def told_layout(contract):
    path = CONTRACTS / f"{contract}.vy"
    command = ["vyper", "-f", "layout", str(path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(told.stdout)


def _all_fixed(tree):
    for name, it in tree.items():
        if "offset" in it:
            yield name, it
        else:
            yield from _all_fixed(it)


# -- Tokens ----------------------------------------------------------------------------------------


def push(number):
    return b"\x7f" + number.to_bytes(32)


def token_code(slot, mask=FULL, shift=0):
    """Return the code of a contract that answers everything with the balance of an address, as
    Solidity finds it in a mapping.
    """
    key = bytes.fromhex("6004355f52") + push(slot) + bytes.fromhex("60205260405f2054")
    shown = bytes([0x60, shift, 0x1C]) + push(mask) + b"\x16"  # SHR, AND
    return key + shown + bytes.fromhex("5f5260205ff3")


@pytest.fixture
def place(market):
    """Put a token of some code somewhere, and find out where it stores balances."""
    provider = market.provider
    if provider.name != "foundry":
        pytest.skip("needs a node that lets contracts be made up")

    def act(code):
        token = "0x" + 38 * "0" + "7" + "7"
        provider.make_request("anvil_setCode", [token, "0x" + code.hex()])
        return place_of(provider, token, provider.get_block("latest").number)

    return act


def test_a_token_of_vyper(market):
    if market.provider.name == "test":
        pytest.skip("the chain takes no call with other storage")
    latest = market.provider.get_block("latest").number
    found = place_of(market.provider, market.asset.address, latest)

    assert (found.order, found.bits) == ("vyper", 256)
    assert found.of(HOLDER) == layout.of_address(found.slot, HOLDER)


@pytest.mark.parametrize("slot", [0, 9, 51, ERC7201])
def test_a_token_of_solidity(place, slot):
    assert place(token_code(slot)) == Place(slot, "solidity", 256)


def test_a_balance_beside_flags(place):
    """As of tokens that note in the highest bit whom they block."""
    found = place(token_code(9, mask=2**255 - 1))

    assert found == Place(9, "solidity", 255)
    assert found.balance(2**255 + 7) == 7


@pytest.mark.parametrize(
    "code",
    [
        token_code(1_000),  # too far
        token_code(9, mask=FULL - 1),  # not the low end of a word
        token_code(9, shift=8),  # in the middle of it
        b"\x5f\x5f\xfd",  # refuses
        b"\x00",  # answers nothing
        bytes.fromhex("62") + (1_000_005).to_bytes(3) + bytes.fromhex("5f5260205ff3"),  # lies
    ],
)
def test_a_token_that_does_not_give_it_away(place, code):
    assert place(code) is None


# -- Proofs ----------------------------------------------------------------------------------------


@pytest.fixture
def proven(market, vault, weth):
    """What the state proves of a vault without anything, and of nobody."""
    provider = market.provider
    if provider.name != "foundry":
        pytest.skip("needs the proofs that Anvil gives")
    block = provider.get_block("latest").number
    nodes = collected(provider, [(vault.address, [0, 1]), (HOLDER, [])], block)
    return State(bytes(provider.web3.eth.get_block(block)["stateRoot"]), nodes)


def test_what_is_there_and_what_is_not(proven, vault, owner):
    found = layout.VaultSlots.of(*(proven.slot(vault.address, it) for it in (0, 1)), 0)

    assert (found.owner, found.fund_class, found.scaled_debt) == (owner.address, 1, 0)
    with pytest.raises(Unproven, match="is proven not to be there"):
        proven.code_hash(HOLDER)


def test_what_was_not_asked_is_not_proven(proven, weth):
    with pytest.raises(Unproven, match=f"no proof of {weth.address}"):
        proven.code_hash(weth.address)


def test_nothing_is_proven_of_another_root(proven, vault):
    with pytest.raises(Unproven):
        State(bytes(32), proven.nodes).slot(vault.address, 0)


@pytest.mark.parametrize("at", [0, 1, -1])
def test_a_torn_node_proves_nothing(proven, vault, at):
    nodes = list(proven.nodes)
    nodes = [it for it in nodes if it != nodes[at]] + [nodes[at][:-1]]
    torn = State(proven.root, nodes)

    def everything():
        return torn.slot(vault.address, 0), torn.slot(vault.address, 1), torn.code_hash(HOLDER)

    with pytest.raises(Unproven):
        everything()
