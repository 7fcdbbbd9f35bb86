"""What a report shows, decided from nothing but the report and the published build."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from ringfence.addresses import create2_address, proxy_code, proxy_creation_code
from ringfence.ledger.entries import as_word
from ringfence.model.fixed_point import RAY, mul_div_down, mul_div_up
from ringfence.segregation.checks import Check
from ringfence.segregation.computation import computed
from ringfence.segregation.provenance import known_origins
from ringfence.segregation.state import in_state, state_of
from ringfence.vault import CLASSES

Json = dict[str, Any]

CLASS_NUMBERS = {name: number for number, name in CLASSES.items()}
# What a constructor fixes for good, in the order in which it follows the code of a vault.
FIXED = ("factory", "engine", "pool", "asset", "fund")
# Calls by which somebody lets others move his tokens.
ENCUMBERING = (
    "approve(address,uint256)",
    "increaseAllowance(address,uint256)",
    "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
    "setApprovalForAll(address,bool)",
    "approveAndCall(address,uint256,bytes)",
    "authorizeOperator(address)",
)
LEAST = {"excess": "less than it must", "residual_interest": "less than others may claim"}


def examined(report: Json, build: bytes) -> list[Check]:
    """Return what a report shows.

    :param build: code of a vault as compiled from the published sources, without what its
        constructor fixes.
    """
    return [
        complete_registry(report),
        uniform_code(report, build),
        in_state(report, state_of(report)),
        agreeing_ledger(report),
        known_origins(report),
        unencumbered(report),
        isolated(report),
        well_covered(report),
    ]


def complete_registry(report: Json) -> Check:
    """P1: each id up to the factory's count is a vault's, at the address that CREATE2 gives it."""
    told, count = report["vaults"], report["registry"]["vault_count"]
    contracts = report["market"]["contracts"]
    creation = proxy_creation_code(contracts["implementation"])
    faults = []
    if [it["id"] for it in told] != list(range(1, count + 1)):
        missing = sorted(set(range(1, count + 1)) - {it["id"] for it in told})
        faults.append(
            f"{len(told)} vaults where the factory counts {count}; missing ids: {missing}"
        )
    for vault in told:
        number = CLASS_NUMBERS.get(vault["chain"]["fund_class"], 0)
        made_of = [vault["opened_for"], bytes.fromhex(vault["label"][2:]), number]
        salt = keccak(encode(["address", "bytes32", "uint256"], made_of))
        address = create2_address(contracts["factory"], salt, creation)
        if address != vault["vault"]:
            faults.append(
                f"vault {vault['id']}: {vault['vault']}, and CREATE2 makes {address} for its"
                " first owner, label and class"
            )
    return Check.of(
        "P1", "The registry is complete", f"{count:,} ids, each address recomputed", faults
    )


def uniform_code(report: Json, build: bytes) -> Check:
    """P2: each vault is a minimal proxy of one implementation, which is the published build."""
    market = report["market"]
    expected = "0x" + keccak(proxy_code(market["contracts"]["implementation"])).hex()
    faults = [
        f"code of {it['vault']} is {it['code_hash']}, not {expected}"
        for it in report["vaults"]
        if it["code_hash"] != expected
    ]
    addresses = market["contracts"] | {"asset": market["asset"]}
    whole = build + b"".join(as_word(addresses[it]) for it in FIXED)
    if _raw(market["implementation_code"]) != whole:
        faults.append(
            "the implementation's code is not the published build for this market's contracts"
        )
    evidence = f"{len(report['vaults']):,} vaults of the code {expected}"
    return Check.of("P2", "Every vault runs the same, published code", evidence, faults)


def agreeing_ledger(report: Json) -> Check:
    """P4: books and chain say the same of each vault, and transfers add up to its balances."""
    faults = list(_disagreements(report))
    faults += _sums(report)
    compared = len(report["vaults"]) * len(report["tokens"])
    evidence = f"{compared:,} balances, {len(report['transfers']):,} transfers"
    return Check.of("P4", "Ledger and chain agree to the wei", evidence, faults)


def _disagreements(report: Json) -> Iterator[str]:
    moved: Counter[tuple[str, str]] = Counter()
    for it in report["transfers"]:
        moved[it["vault"], it["token"]] += int(it["amount"])
    for vault in report["vaults"]:
        address, books, chain = vault["vault"], vault["books"], vault["chain"]
        for name in books.keys() - {"balances"}:
            if books[name] != chain[name]:
                yield f"{name} of {address}: books {books[name]}, chain {chain[name]}"
        for token, amount in chain["balances"].items():
            if books["balances"][token] != amount:
                told = books["balances"][token]
                yield f"{token} of {address}: books {told}, chain {amount or 'hidden'}"
            if moved[address, token] != int(books["balances"][token]):
                total = moved[address, token]
                yield f"{token} of {address}: transfers {total}, books {books['balances'][token]}"


def _sums(report: Json) -> Iterator[str]:
    """What follows from scaled debts, the index and the cash."""
    pool, vaults = report["pool"], report["vaults"]
    index, scaled, cash = (int(pool[it]) for it in ("index", "scaled_debt", "cash"))
    total = mul_div_down(scaled, index, RAY)
    told = {
        "scaled debt of all vaults": (
            scaled,
            sum(int(it["chain"]["scaled_debt"]) for it in vaults),
        ),
        "debt of all vaults": (int(pool["total_debt"]), total),
        "what lenders have": (int(pool["total_assets"]), cash + total),
    } | {
        f"debt of {it['vault']}": (
            int(it["debt"]),
            mul_div_up(int(it["chain"]["scaled_debt"]), index, RAY),
        )
        for it in vaults
    }
    for what, (one, other) in told.items():
        if one != other:
            yield f"{what}: told {one}, and it is {other}"


def unencumbered(report: Json) -> Check:
    """P6: no vault gave an allowance, and the code of the vaults could not give one."""
    listed = {it["token"] for it in report["tokens"]}
    given = [it for it in report["allowances"] if it["token"] in listed]
    faults = [
        f"{it['vault']} allowed {it['spender']} {it['amount']} of {it['token']}" for it in given
    ]
    code = _raw(report["market"]["implementation_code"])
    able = [it for it in ENCUMBERING if keccak(text=it)[:4] in code]
    faults += [f"the vaults' code can call {it}" for it in able]
    strange = len(report["allowances"]) - len(given)
    notes = [f"{strange} allowances told by tokens not listed"] if strange else []
    debts = f"{len(_in_debt(report)):,} owe a debt of their own"
    evidence = f"allowances of {len(report['vaults']):,} vaults: {len(given)}; {debts}"
    return Check.of("P6", "Nothing encumbers a vault but its own debt", evidence, faults, notes)


def isolated(report: Json) -> Check:
    """P7: each vault in debt failed, and what changed then was of no other vault."""
    id, title, told = "P7", "No vault's failure changes another", report["failures"]
    if told is None:
        return Check.skipped(id, title, "the chain could not be copied")
    failed = {it["vault"] for it in told}
    faults = [f"{it} was not made to fail" for it in _in_debt(report) if it not in failed]
    for it in told:
        if not it["has_failed"]:
            faults.append(f"{it['vault']} was not liquidated: {it['refusal']}")
        faults += [f"the failure of {it['vault']} changed {other}" for other in it["touched"]]
    transactions = sum(it["transactions"] for it in told)
    evidence = f"{len(told):,} vaults failed in {transactions:,} transactions on a copy"
    return Check.of(id, title, evidence, faults)


def well_covered(report: Json) -> Check:
    """The daily computation follows from the vaults, and no class holds less than it must."""
    rows = computed(report)
    faults = [] if rows == report["computation"] else ["the computation is not that of the vaults"]
    faults += [
        f"{row['class']}: {why} of {row['token']}, {row[name]}"
        for row in rows
        for name, why in LEAST.items()
        if int(row[name]) < 0
    ]
    return Check.of("daily", "Each class of money holds what it must", f"{len(rows)} rows", faults)


def _in_debt(report: Json) -> list[str]:
    return [it["vault"] for it in report["vaults"] if int(it["debt"]) > 0]


def _raw(told: str) -> bytes:
    return bytes.fromhex(told[2:])
