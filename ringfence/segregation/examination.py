"""What a report shows, decided from nothing but the report and the published build."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from ringfence.addresses import create2_address, proxy_code, proxy_creation_code
from ringfence.ledger.entries import WORD, as_word
from ringfence.model.fixed_point import RAY, mul_div_down, mul_div_up
from ringfence.segregation import provenance, state
from ringfence.segregation.checks import SKIPPED, Check
from ringfence.segregation.computation import computed
from ringfence.segregation.header import differences
from ringfence.segregation.layout import FIXED
from ringfence.vault import CLASSES

Json = dict[str, Any]

CLASS_NUMBERS = {name: number for number, name in CLASSES.items()}
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
# Code of each part as compiled from the published sources, without what its constructor fixes.
Builds = Mapping[str, bytes]


def examined(report: Json, builds: Builds) -> list[Check]:
    """Return what a report shows; a report may hold anything, and what cannot be read fails."""
    parts: Sequence[tuple[str, str, Callable[[], Check]]] = (
        ("P1", "The registry is complete", lambda: complete_registry(report)),
        ("P2", "Every vault runs the same, published code", lambda: uniform_code(report, builds)),
        ("P3", state.TITLE, lambda: state.in_state(report, state.state_of(report))),
        ("places", "Tokens keep balances there", lambda: state.in_place(report)),
        ("P4", "Ledger and chain agree to the wei", lambda: agreeing_ledger(report)),
        ("P5", provenance.TITLE, lambda: provenance.known_origins(report)),
        ("P6", "Nothing encumbers a vault but its own debt", lambda: unencumbered(report)),
        ("P7", "No vault's failure changes another", lambda: isolated(report)),
        ("daily", "Each class of money holds what it must", lambda: well_covered(report)),
        ("block", "Number and time are those of the state's root", lambda: one_block(report)),
    )
    return [_guarded(*it) for it in parts]


def _guarded(id: str, title: str, examine: Callable[[], Check]) -> Check:
    try:
        return examine()
    except Exception as error:  # whatever somebody has written into a report
        return Check.of(id, title, "", [f"cannot be read: {type(error).__name__} {error}"[:200]])


def complete_registry(report: Json) -> Check:
    """P1: each id up to the factory's count is a vault's, at the address that CREATE2 gives it."""
    told, count = report["vaults"], report["registry"]["vault_count"]
    contracts = report["market"]["contracts"]
    creation = proxy_creation_code(contracts["implementation"])
    faults = [
        f"vault {it['vault']} has id {it['id']}, and should have {number}"
        for number, it in enumerate(told, 1)
        if it["id"] != number
    ]
    if len(told) != count:
        faults.append(f"{len(told)} vaults, and the factory counts {count}")
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
    evidence = f"{count:,} ids of factory {contracts['factory']}, each address recomputed"
    return Check.of("P1", "The registry is complete", evidence, faults)


def uniform_code(report: Json, builds: Builds) -> Check:
    """P2: each vault is a minimal proxy of one implementation, and all contracts of the market are
    the published build for one another.
    """
    market = report["market"]
    addresses = market["contracts"] | {"asset": market["asset"]}
    expected = "0x" + keccak(proxy_code(addresses["implementation"])).hex()
    faults = [
        f"code of {it['vault']} is {it['code_hash']}, not {expected}"
        for it in report["vaults"]
        if it["code_hash"] != expected
    ]
    words = {name: as_word(it) for name, it in addresses.items()}
    words["proxy"] = keccak(proxy_creation_code(addresses["implementation"]))
    for part, build in builds.items():
        code, fixed = _raw(market["code"][part]), FIXED[part]
        if not code.startswith(build) or len(code) != len(build) + fixed.length:
            faults.append(f"the code of the {part} is not the published build")
        for name, offset in fixed.links.items():
            if code[len(build) + offset :][:WORD] != words[name]:
                faults.append(f"the {part} is not made for this {name}")
    evidence = f"{len(report['vaults']):,} vaults of one code, {len(builds)} contracts of the build"
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
    given = [it for it in report["allowances"] if it["amount"] != "0"]  # some log that none is left
    faults = [
        f"{it['vault']} allowed {it['spender']} {it['amount']} of {it['token']}" for it in given
    ]
    code = _raw(report["market"]["code"]["implementation"])
    able = [it for it in ENCUMBERING if keccak(text=it)[:4] in code]
    faults += [f"the vaults' code can call {it}" for it in able]
    strange = report["strangers"]["allowances"]
    note = f"{strange:,} allowances told by tokens that the market does not list"
    notes = [note] if strange else []
    debts = f"{len(_in_debt(report)):,} owe a debt of their own"
    evidence = f"allowances of {len(report['vaults']):,} vaults: {len(given)}; {debts}"
    return Check.of("P6", "Nothing encumbers a vault but its own debt", evidence, faults, notes)


def isolated(report: Json) -> Check:
    """P7: each vault in debt failed, and what changed then was of no other vault."""
    id, title, told = "P7", "No vault's failure changes another", report["failures"]
    if told is None:
        return Check.skipped(id, title, "the chain could not be copied")
    alone = {it["vault"] for it in told}
    faults = [f"{it} was not made to fail" for it in _in_debt(report) if it not in alone]
    faults += [
        f"the failure of {it['vault']} changed {other}" for it in told for other in it["touched"]
    ]
    faults += [
        f"{it['vault']} failed in no transaction"
        for it in told
        if it["has_failed"] and it["transactions"] == 0
    ]
    safe = [
        f"{it['vault']} could not be liquidated: {it['refusal']}"
        for it in told
        if not it["has_failed"]
    ]
    transactions = sum(it["transactions"] for it in told)
    failed = len(told) - len(safe)
    evidence = f"{failed:,} vaults failed in {transactions:,} transactions on a copy"
    if safe and not faults:
        return Check(id, title, SKIPPED, f"{evidence}, {len(safe):,} did not", notes=tuple(safe))
    return Check.of(id, title, evidence, faults, safe)


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


def one_block(report: Json) -> Check:
    """The header with the block's hash has the state's root, the number and the time."""
    id, title = "block", "Number and time are those of the state's root"
    block = report["block"]
    if block["header"] is None:
        return Check.skipped(id, title, "the node tells no header that makes the block's hash")
    evidence = f"block {block['number']:,}, {block['hash']}"
    return Check.of(id, title, evidence, list(differences(_raw(block["header"]), block)))


def _in_debt(report: Json) -> list[str]:
    return [it["vault"] for it in report["vaults"] if int(it["debt"]) > 0]


def _raw(told: str) -> bytes:
    return bytes.fromhex(told[2:])
