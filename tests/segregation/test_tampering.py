"""Whatever is changed in a report is caught, and named by the check that catches it."""

import json
from copy import deepcopy

import pytest
from ape import accounts
from eth_utils import to_checksum_address

from ringfence.segregation import signing
from ringfence.segregation.checks import FAIL, PASS, SKIPPED
from ringfence.segregation.form import canonical, hash_of, problem_of, read_report
from ringfence.segregation.report import builds_of
from ringfence.segregation.verification import rooted, verified

KEPT = {}  # a report and who signed it: what is done to copies of it needs no chain

# What nothing but a node or a signature can tell: names, what others put into transactions.
TOLD = {
    "asof",
    "failures/refusal",
    "made_by",
    "market/chain_id",
    "market/name",
    "number",
    "pool/fund_shares",
    "previous",
    "strangers",
    "tokens/decimals",
    "tokens/symbol",
    "transfers/block",
    "transfers/counterparty",  # who got what an owner withdrew, who gave what nobody asked for
    "transfers/owner",
    "transfers/transaction",
    "vaults/history",
    "vaults/opened",
}


@pytest.fixture
def signed(request, market, vault, other_vault):
    """A report that was proven and signed, once for all tests; what stands for all of a run stands
    before.
    """
    if market.provider.name != "foundry":
        pytest.skip("needs the proofs that Anvil gives")
    if not KEPT:
        request.getfixturevalue("lived")
        path = request.getfixturevalue("prove")(account=3)
        KEPT["report"] = read_report(path)
        KEPT["signer"] = str(accounts.test_accounts[3].address)
        KEPT["builds"] = builds_of(market.project)
    return deepcopy(KEPT["report"])


def missed(report):
    """Return the checks that fail when somebody looks who knows root and signer."""
    root = KEPT["report"]["block"]["state_root"]
    found = [
        *verified(report, KEPT["builds"]),
        rooted(report, root),
        signing.check_signature(report, None, KEPT["signer"]),
    ]
    return {it.id for it in found if it.status == FAIL}


def first(report, name="vaults"):
    return report[name][0]


def other_amount(report):
    """A transfer of another amount."""
    moved = first(report, "transfers")
    moved["amount"] = str(int(moved["amount"]) + 1)


def hidden_vault(report):
    report["vaults"].pop()


def hidden_vault_and_count(report):
    report["vaults"].pop()
    report["registry"]["vault_count"] -= 1


def one_more_vault(report):
    made_up = deepcopy(report["vaults"][-1])
    made_up["id"] += 1
    made_up["vault"] = "0x" + 40 * "1"
    report["vaults"].append(made_up)
    report["registry"]["vault_count"] += 1


def swapped_vaults(report):
    report["vaults"][0]["chain"], report["vaults"][1]["chain"] = (
        report["vaults"][1]["chain"],
        report["vaults"][0]["chain"],
    )


def more_tokens_everywhere(report):
    """A balance that chain and books and transfers agree upon, and the state does not."""
    vault, token = first(report), report["tokens"][1]["token"]
    for side in ("chain", "books"):
        vault[side]["balances"][token] = str(int(vault[side]["balances"][token]) + 1)
    moved = next(
        it for it in report["transfers"] if (it["vault"], it["token"]) == (vault["vault"], token)
    )
    moved["amount"] = str(int(moved["amount"]) + 1)


def put(*path_and_value):
    """Return what puts a value somewhere."""
    *path, last, value = path_and_value

    def act(report):
        place = report
        for it in path:
            place = place[it]
        place[last] = value

    return act


def drop(*path):
    def act(report):
        place = report
        for it in path:
            place = place[it]
        place.pop()

    return act


def torn_node(report):
    at = len(report["proof"]) // 2
    node = report["proof"][at]
    report["proof"][at] = node[:-1] + ("0" if node[-1] != "0" else "1")


def other_code(part):
    def act(report):
        code = report["market"]["code"][part]
        other = "00" if code[200:202] != "00" else "01"
        report["market"]["code"][part] = code[:200] + other + code[202:]

    return act


def allowance(amount):
    def act(report):
        given = {"block": 1, "spender": OTHER, "amount": amount}
        vault, token = report["vaults"][0]["vault"], report["tokens"][0]["token"]
        report["allowances"].append(given | {"vault": vault, "token": token})

    return act


def other_token(report):
    """A token that the market does not list, in the place of one that it does."""
    text = canonical(report).decode()
    token = report["tokens"][1]["token"]
    report.update(json.loads(text.replace(token, to_checksum_address("0x" + 40 * "7"))))


def collateral_twice(report):
    """Two of the first token, whose bits are that of the second."""
    report["vaults"][0]["chain"]["collaterals"] = 2 * [report["tokens"][0]["token"]]


def other_link(part, offset):
    def act(report):
        build = len(KEPT["builds"][part])
        code = bytearray.fromhex(report["market"]["code"][part][2:])
        code[build + offset + 31] ^= 1
        report["market"]["code"][part] = "0x" + code.hex()

    return act


def more_code(report):
    report["market"]["code"]["factory"] += 64 * "0"


def no_asset(report):
    """The credit asset is left out, and all that is told of it."""
    asset = report["market"]["asset"]
    report["tokens"] = [it for it in report["tokens"] if it["token"] != asset]
    for name in ("transfers", "computation"):
        report[name] = [it for it in report[name] if it["token"] != asset]
    for vault in report["vaults"]:
        for side in ("chain", "books"):
            vault[side]["balances"].pop(asset)
    for held in report["pool"]["holdings"].values():
        held.pop(asset)


def made_up_balance(report):
    """A place that is no balance's: what somebody may write there himself."""
    report["tokens"][1]["place"]["slot"] = "0x" + 64 * "1"


def signature_of_another(report):
    other = deepcopy(KEPT["report"])
    other["number"] += 1
    report["signature"] = signing.signed(other, accounts.test_accounts[3])["signature"]


def signed_by_another(report):
    report["signature"] = signing.signed(report, accounts.test_accounts[4])["signature"]


def unsigned(report):
    report["signature"] = None


OTHER = to_checksum_address("0x" + 40 * "2")
TAMPERINGS = {
    "a transfer of another amount": (other_amount, {"P4"}),
    "a transfer that is left out": (drop("transfers"), {"P4"}),
    "a transfer of another kind": (put("transfers", 0, "kind", "withdrawal"), {"P5"}),
    "a transfer that no rule knows": (put("transfers", 0, "kind", "unknown"), {"P5"}),
    "a transfer from another": (put("transfers", 0, "counterparty", OTHER), {"P5"}),
    "a transfer of another token": (put("transfers", 0, "token", OTHER), {"P4"}),
    "a transfer of another vault": (put("transfers", 0, "vault", OTHER), {"P4"}),
    "a vault that is left out": (hidden_vault, {"P1"}),
    "a vault that is left out of the count, too": (hidden_vault_and_count, {"P3"}),
    "a vault that is made up": (one_more_vault, {"P1", "P3"}),
    "two vaults that changed places": (swapped_vaults, {"P3", "P4"}),
    "an amount that all but the state agree upon": (more_tokens_everywhere, {"P3"}),
    "a balance": (put("vaults", 0, "chain", "balances", "WETH", "1"), {"P3", "P4"}),
    "an owner": (put("vaults", 0, "chain", "owner", OTHER), {"P3", "P4"}),
    "a class": (put("vaults", 0, "chain", "fund_class", "house"), {"P1", "P3"}),
    "a debt": (put("vaults", 0, "chain", "scaled_debt", "0"), {"P3", "P4"}),
    "a hold": (put("vaults", 0, "chain", "hold_until", "1"), {"P3", "P4"}),
    "an offer": (put("vaults", 0, "chain", "pending_owner", OTHER), {"P3", "P4"}),
    "collateral": (put("vaults", 0, "chain", "collaterals", []), {"P3", "P4"}),
    "a label": (put("vaults", 0, "label", "0x" + 64 * "0"), {"P1"}),
    "a first owner": (put("vaults", 0, "opened_for", OTHER), {"P1"}),
    "the code of a vault": (put("vaults", 0, "code_hash", "0x" + 64 * "0"), {"P2", "P3"}),
    "the code of all vaults": (other_code("implementation"), {"P2", "P3"}),
    "the code of the pool": (other_code("pool"), {"P2", "P3"}),
    "the code of the factory": (other_code("factory"), {"P2", "P3"}),
    "a token that is not listed": (other_token, {"P3"}),
    "collateral twice": (collateral_twice, {"P3", "P4"}),
    "the pool of another market": (other_link("fund", 32), {"P2", "P3"}),
    "more behind the code": (more_code, {"P2", "P3"}),
    "a place of anybody's choice": (made_up_balance, {"P3"}),
    "the number of the block": (put("block", "number", 5), {"block"}),
    "the time": (put("block", "timestamp", 2_000_000_000), {"P3", "block"}),
    "the hash of the block": (put("block", "hash", "0x" + 64 * "0"), {"block"}),
    "the header": (put("block", "header", "0x"), {"block"}),
    "a failure without a transaction": (put("failures", 0, "transactions", 0), {"P7"}),
    "an allowance": (allowance("7"), {"P6"}),
    "what it does not show": (put("limits", ["Nothing is left unproven."]), {"claims"}),
    "the words of a check": (put("checks", 0, "title", "Certified"), {"claims"}),
    "the root": (put("block", "state_root", "0x" + 64 * "0"), {"P3", "root"}),
    "a proof": (torn_node, {"P3"}),
    "no proofs": (put("proof", []), {"P3"}),
    "where balances are": (put("tokens", 1, "place", "slot", "0x" + 63 * "0" + "1"), {"P3"}),
    "cash": (put("pool", "cash", "0"), {"P3"}),
    "the debt of all": (put("pool", "scaled_debt", "0"), {"P3", "P4"}),
    "a row of the computation": (put("computation", 0, "held", "1"), {"daily"}),
    "a failure that touched another": (put("failures", 0, "touched", [OTHER]), {"P7"}),
    "a failure that did not come": (put("failures", 0, "has_failed", False), {"claims"}),
    "a failure that is left out": (drop("failures"), {"P7"}),
    "a claim": (put("checks", 0, "status", "fail"), {"claims"}),
    "a check that is left out": (drop("checks"), {"claims"}),
    "the signature of another report": (signature_of_another, {"signature"}),
    "the signature of another key": (signed_by_another, {"signature"}),
    "no signature": (unsigned, {"signature"}),
}


def test_a_report_as_it_was_signed(signed):
    assert missed(signed) == set()


@pytest.mark.parametrize("name", TAMPERINGS)
def test_it_is_caught_and_named(name, signed, market):
    tamper, expected = TAMPERINGS[name]
    weth = market.tokens["WETH"].address
    balances = signed["vaults"][0]["chain"]["balances"]
    before = hash_of(signed)
    tamper(signed)
    if "WETH" in balances:  # the symbol stands for the token
        balances[weth] = balances.pop("WETH")

    found = missed(signed)
    assert expected <= found
    if hash_of(signed) != before:
        assert "signature" in found


def another_token(report):
    """One that is not listed, with balances of whoever made it."""
    report["tokens"].append(report["tokens"][1] | {"token": OTHER, "index": None})
    sides = [it[side]["balances"] for it in report["vaults"] for side in ("chain", "books")]
    for held in (*sides, *report["pool"]["holdings"].values()):
        held[OTHER] = "7"


@pytest.mark.parametrize("tamper", [no_asset, another_token])
def test_other_tokens_than_those_of_the_market_are_no_report(tamper, signed):
    tamper(signed)

    assert "its tokens are not the credit asset and those that are listed" in problem_of(signed)


# -- What is no fault ------------------------------------------------------------------------------


def status(report, id):
    return next(it for it in verified(report, KEPT["builds"]) if it.id == id)


def test_a_token_may_log_that_nothing_is_allowed(signed):
    """Many do so whenever they move, and anybody may move nothing out of a vault."""
    allowance("0")(signed)

    assert status(signed, "P6").status == PASS


def test_a_vault_that_cannot_fail_is_told(signed):
    """Such as one that a token refuses to let go of: nobody else was touched by it."""
    signed["failures"][0] |= {"has_failed": False, "refusal": "blocked", "transactions": 0}

    found = status(signed, "P7")
    assert found.status == SKIPPED
    assert "could not be liquidated: blocked" in found.notes[0]


def test_from_a_client_to_the_house_is_told_though_one_owns_both(signed):
    crossing = next(
        it for it in signed["transfers"] if it["kind"] == "withdrawal" and _is_between(signed, it)
    )
    client, house = (
        next(it for it in signed["vaults"] if it["vault"] == crossing[side])
        for side in ("vault", "counterparty")
    )
    house["chain"]["fund_class"] = "house"
    for it in signed["transfers"]:
        if it["vault"] == house["vault"]:
            it["owner"] = client["chain"]["owner"]

    notes = "".join(status(signed, "P5").notes)
    assert f"from {client['vault']}" in notes
    assert f"to {house['vault']}" in notes


def _is_between(report, transfer):
    return transfer["counterparty"] in {it["vault"] for it in report["vaults"]}


# -- All of it -------------------------------------------------------------------------------------


def leaves(node, path=()):
    """Yield the path of each value in a report."""
    if isinstance(node, dict):
        for name, it in node.items():
            yield from leaves(it, (*path, name))
    elif isinstance(node, list):
        for number, it in enumerate(node):
            yield from leaves(it, (*path, number))
    elif node is not None:
        yield path


def changed(value):
    """Return a value of the same kind that is another."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value.startswith("0x"):
        return value[:-1] + ("0" if value[-1] != "0" else "1")
    return str(int(value) + 1) if value.removeprefix("-").isdecimal() else value + "?"


def kind_of(path):
    """Return a path without numbers and addresses, as short as `TOLD` has it."""
    names = [it for it in path if isinstance(it, str) and not it.startswith("0x")]
    whole = "/".join(names)
    return next((it for it in TOLD if whole == it or whole.startswith(it + "/")), whole)


def test_every_value_counts(signed):
    """One after another is changed, and nobody's signature is there to tell: those that are not
    caught are the ones of which the proof says so. The nodes of the proof are left as they are.
    """
    signed["signature"] = None
    body = {name: it for name, it in signed.items() if name not in ("proof", "signature")}
    told = set()
    for path in leaves(body):
        place = signed
        for it in path[:-1]:
            place = place[it]
        kept = place[path[-1]]
        place[path[-1]] = changed(kept)
        is_caught = problem_of(signed) is not None or missed(signed) > {"signature"}
        if not is_caught:
            told.add(kind_of(path))
        place[path[-1]] = kept

    assert sorted(told - TOLD) == []
    assert missed(signed) == {"signature"}
