"""What of a report the chain's state proves, and whether it does (P3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from eth_utils.crypto import keccak

from ringfence.ledger.entries import WORD, as_address
from ringfence.model.bitmap import bit, has
from ringfence.model.packing import high_half, low_half
from ringfence.segregation.checks import SKIPPED, Check
from ringfence.segregation.layout import (
    ACCOUNT,
    CLOCK,
    MONEY,
    TOKEN_COUNT,
    TOKENS,
    VAULT_COUNT,
    VAULT_ID,
    VAULT_SLOTS,
    Clock,
    VaultSlots,
    of_address,
)
from ringfence.segregation.probing import Place
from ringfence.segregation.proofs import State, Unproven
from ringfence.vault import CLASSES

Json = dict[str, Any]
STORED = ("owner", "fund_class", "scaled_debt", "hold_until", "pending_owner")
ID, TITLE = "P3", "What vaults hold and owe is in the chain's state"


def wanted(report: Json) -> Iterator[tuple[str, list[int]]]:
    """Yield what has to be proven of a report: contracts, and slots of them."""
    contracts = report["market"]["contracts"]
    vaults = [it["vault"] for it in report["vaults"]]
    ids = [of_address(VAULT_ID, vault) for vault in vaults]
    numbers = range(sum(it["index"] is not None for it in report["tokens"]))
    slots = {
        "factory": [VAULT_COUNT, *ids],
        "pool": [CLOCK, MONEY],
        "engine": [TOKEN_COUNT, *(TOKENS + it for it in numbers)],
    }
    for part, address in contracts.items():
        yield address, slots.get(part, [])
    for vault in vaults:
        yield vault, list(VAULT_SLOTS)
    for token, place in places(report).items():
        if place is not None:
            yield token, [place.of(it) for it in holders(report)]


def places(report: Json) -> dict[str, Place | None]:
    """Return where each token stores balances."""
    return {it["token"]: _place(it["place"]) for it in report["tokens"]}


def holders(report: Json) -> Iterator[str]:
    """Yield who holds tokens of a market."""
    yield from (it["vault"] for it in report["vaults"])
    yield from (report["market"]["contracts"][it] for it in report["pool"]["holdings"])


def state_of(report: Json) -> State | None:
    """Return what the proofs of a report show; None if it has none."""
    if report["proof"] is None:
        return None
    root = bytes.fromhex(report["block"]["state_root"][2:])
    return State(root, [bytes.fromhex(it[2:]) for it in report["proof"]])


def in_state(report: Json, state: State | None) -> Check:
    """P3: compare with the proofs whatever they can show."""
    if state is None:
        return Check.skipped(ID, TITLE, "the node gives no state proofs")
    compared = list(_compared(report, state))
    faults = [
        f"{what}: the report says {told}, the state {found}"
        for what, told, found in compared
        if told != found
    ]
    faults += [
        f"balances of {token} are told to be in slot {place.slot:#x}, where none are looked for"
        for token, place in places(report).items()
        if place is not None and not place.is_usual
    ]
    hidden = [it["symbol"] for it in report["tokens"] if it["place"] is None]
    evidence = f"{len(compared):,} values against state root {report['block']['state_root']}"
    check = Check.of(ID, TITLE, evidence, faults)
    if faults or not hidden:
        return check
    unproven = f"{evidence}; not proven are balances of {', '.join(hidden)}: their place in the"
    return Check(ID, TITLE, SKIPPED, f"{unproven} token's storage is not known")


def in_place(report: Json) -> Check:
    """Where tokens keep balances, which their contracts do not say to somebody without a node."""
    told = [
        f"{it['symbol']} {place.order} {place.slot:#x}"
        for it, place in zip(report["tokens"], places(report).values(), strict=True)
        if place is not None
    ]
    return Check.of("places", "Tokens keep balances there", ", ".join(told) or "not known", [])


def _compared(report: Json, state: State) -> Iterator[tuple[str, str, str]]:
    """Yield what the report says and what the state does; a missing proof is a difference."""
    for what, told, read in _claims(report, state):
        try:
            yield what, str(told), str(read())
        except Unproven as error:
            yield what, str(told), str(error)


Claim = tuple[str, object, Callable[[], object]]  # what it is, what is said of it, what is proven


def _claims(report: Json, state: State) -> Iterator[Claim]:
    contracts, pool = report["market"]["contracts"], report["pool"]
    in_factory = partial(state.slot, contracts["factory"])
    money = partial(state.slot, contracts["pool"], MONEY)
    yield "vault count", report["registry"]["vault_count"], partial(in_factory, VAULT_COUNT)
    yield "cash of the pool", pool["cash"], lambda: low_half(money())
    yield "scaled debt of all vaults", pool["scaled_debt"], lambda: high_half(money())
    yield "index of debt", pool["index"], partial(_index, report, state, contracts["pool"])
    for part, code in report["market"]["code"].items():
        hashed = "0x" + keccak(hexstr=code).hex()
        yield f"code of the {part}", hashed, partial(_code, state, contracts[part])
    yield from _listed(report, state)
    bits = {it["token"]: bit(it["index"]) for it in report["tokens"] if it["index"] is not None}
    for vault in report["vaults"]:
        address = vault["vault"]
        yield f"id of {address}", vault["id"], partial(in_factory, of_address(VAULT_ID, address))
        yield f"code of {address}", vault["code_hash"], partial(_code, state, address)
        for name in STORED:
            told = vault["chain"][name]
            yield f"{name} of {address}", told, partial(_stored, state, address, name)
        enabled = partial(_enabled, state, address, bits)
        yield f"collaterals of {address}", vault["chain"]["collaterals"], enabled
    for token, place in places(report).items():
        if place is not None:
            yield from _balances(report, token, place, state)


def _listed(report: Json, state: State) -> Iterator[Claim]:
    """Which tokens the engine lists; the report tells of no other but the credit asset."""
    in_engine = partial(state.slot, report["market"]["contracts"]["engine"])
    listed = {it["index"]: it["token"] for it in report["tokens"] if it["index"] is not None}
    yield "tokens that are listed", len(listed), partial(in_engine, TOKEN_COUNT)
    for number in range(len(listed)):
        told = listed.get(number, "no such token")
        yield f"token {number}", told, partial(_token, in_engine, number)


def _token(in_engine: Callable[[int], int], number: int) -> str:
    return as_address(in_engine(TOKENS + number).to_bytes(WORD))


def _balances(report: Json, token: str, place: Place, state: State) -> Iterator[Claim]:
    told = {it["vault"]: it["chain"]["balances"][token] for it in report["vaults"]}
    for bearer, held in report["pool"]["holdings"].items():
        told[report["market"]["contracts"][bearer]] = held[token]
    for holder, amount in told.items():
        yield f"{token} of {holder}", amount, partial(_balance, state, token, place, holder)


def _index(report: Json, state: State, pool: str) -> int:
    clock, now = Clock.of(state.slot(pool, CLOCK)), report["block"]["timestamp"]
    if now < clock.time:
        raise Unproven(f"the pool was written at {clock.time}, after the block")
    return clock.index_at(now)


def _code(state: State, address: str) -> str:
    return "0x" + state.code_hash(address).hex()


def _stored(state: State, vault: str, name: str) -> object:
    found = VaultSlots.of(*(state.slot(vault, it) for it in VAULT_SLOTS))
    value = getattr(found, name)
    return CLASSES.get(value, value) if name == "fund_class" else value


def _enabled(state: State, vault: str, bits: Mapping[str, int]) -> list[str]:
    """Return the tokens whose bits a vault has, and the word if it has one that nobody has."""
    mask = VaultSlots.of(state.slot(vault, ACCOUNT), 0, 0).mask
    named = sorted(it for it, bit in bits.items() if has(mask, bit))
    return named if sum(bits[it] for it in named) == mask else [f"mask {mask:#x}"]


def _balance(state: State, token: str, place: Place, holder: str) -> int:
    return place.balance(state.slot(token, place.of(holder)))


def _place(told: Json | None) -> Place | None:
    return None if told is None else Place(**(told | {"slot": int(told["slot"], 16)}))
