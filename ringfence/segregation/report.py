"""A report of segregation: what a node and the books tell, its proofs, and what it all shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.market import PARTS
from ringfence.segregation.computation import computed
from ringfence.segregation.examination import Builds, examined
from ringfence.segregation.failures import failures
from ringfence.segregation.gathering import gathered
from ringfence.segregation.proofs import collected, gives_proofs
from ringfence.segregation.state import wanted

if TYPE_CHECKING:
    from ringfence.ledger.fold import Books
    from ringfence.market import Market
    from ringfence.reading import BlockReader

Json = dict[str, Any]
FORM = "ringfence/segregation-report/1"
LIMITS = (
    "Legal title, promises made elsewhere, and who holds the keys of an owner are not looked at.",
    "Tokens are taken as their contracts tell them: whoever issues one may freeze or change it.",
    "Which slots of a token are its balances is what the token told the node; a node repeats it.",
    "Parameters of the market are not looked at; ringfence deploy CONFIG --check compares them.",
    "Transfers, kinds and allowances are as a node told them: the state's root proves sums only.",
    "That vaults were made to fail is told, and only who has a node can try it again.",
    "Which factory is meant, and which block has the root, somebody else has to say.",
    "What tokens that the market does not list may claim is counted, and proves nothing.",
    "The CSV and the page are made from the report, and only the report is verified.",
)


def evidence(market: Market, books: Books, read: BlockReader) -> Json:
    """Return what a node and the books of the same block tell, and what follows from it."""
    told = gathered(market, books, read)
    return told | {"computation": computed(told), "failures": failures(market, told)}


def proven(told: Json, proof: list[bytes] | None, builds: Builds, about: Json) -> Json:
    """Return the report of some evidence.

    :param proof: nodes that prove it; None where a node gives none.
    :param builds: code of each part as compiled, without what its constructor fixes.
    :param about: what made it, and its place among the reports.
    """
    nodes = None if proof is None else ["0x" + it.hex() for it in proof]
    fixed = {"form": FORM, "proof": nodes, "limits": list(LIMITS), "signature": None}
    report = told | about | fixed
    return report | {"checks": [it.json() for it in examined(report, builds)]}


def builds_of(project: Any) -> Builds:
    """Return the code of each part of a market as compiled in a project."""
    return {
        part: bytes(getattr(project, contract).contract_type.get_runtime_bytecode())
        for part, contract in PARTS.items()
    }


def proof_of(market: Market, told: Json) -> list[bytes] | None:
    """Ask the node to prove evidence; None if it proves nothing at all."""
    block = told["block"]["number"]
    if not gives_proofs(market.provider, block):
        return None
    return collected(market.provider, wanted(told), block)
