"""Lets the compiler remember what its optimizer made of a node.

Vyper 0.4.3 optimizes each expression again for every one around it: half the time of a compilation
goes there. What comes out depends on the node, which stays as it is, and on the operator around it.
"""

from __future__ import annotations

from vyper.codegen.ir_node import IRnode
from vyper.ir import optimizer

MEMORY = "_optimized_under"  # attribute of a node: what became of it, by the operator around it

_optimize = optimizer._optimize


def remember() -> None:
    optimizer._optimize = _remembered


def _remembered(node: IRnode, parent: IRnode | None) -> tuple[bool, IRnode]:
    memory = vars(node).setdefault(MEMORY, {})
    operator = parent.value if parent and node.value in optimizer.arith else None
    if operator not in memory:
        memory[operator] = _optimize(node, parent)
    return memory[operator]
