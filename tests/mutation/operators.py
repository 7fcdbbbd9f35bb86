"""Small mistakes that somebody could have made in a Vyper source, each at one place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from vyper import ast as vy_ast

from tests.sources import CONTRACTS, tree

COMPARISONS = {
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "==": ("!=",),
    "!=": ("==",),
}
ARITHMETIC = {
    "+": ("-",),
    "-": ("+",),
    "*": ("//",),
    "//": ("*",),
    "%": ("*",),
    "&": ("|",),
    "|": ("&",),
    "^": ("|",),
    "<<": (">>",),
    ">>": ("<<",),
}
NAMES = {"min": "max", "max": "min", "True": "False", "False": "True"}
ROUNDINGS = (("_down", "_up"), ("_up", "_down"))
# Functions that add, multiply or join two neighbours among their arguments, from this one on: to
# swap those is no mistake.
COMMUTATIVE = {
    "min": 0,
    "max": 0,
    "unsafe_add": 0,
    "mul_div_down": 0,
    "mul_div_up": 0,
    "value_up": 0,
    "debt_value": 0,
    "debt_at": 0,
    "weighted": 0,
    "insurance_due": 0,
    "has": 0,
    "compound": 1,
}
REMOVABLE = (vy_ast.Assert, vy_ast.Assign, vy_ast.AugAssign, vy_ast.Log, vy_ast.Expr)
REMOVABLE += (vy_ast.Break, vy_ast.Continue)


@dataclass(frozen=True)
class Mutant:
    """One mistake: `old` at `start` of the source becomes `new`."""

    path: Path
    line: int
    place: str  # function or variable
    operator: str
    start: int
    old: str
    new: str

    @property
    def name(self) -> str:
        return self.path.relative_to(CONTRACTS).as_posix()

    @property
    def key(self) -> str:
        """Stays the same until the source changes."""
        place = f"{self.name}\0{self.start}\0{self.old}\0{self.new}\0{self.path.read_text()}"
        return sha256(place.encode()).hexdigest()[:16]

    def source(self) -> str:
        whole = self.path.read_text()
        end = self.start + len(self.old)
        assert whole[self.start : end] == self.old
        return whole[: self.start] + self.new + whole[end:]

    def diff(self) -> str:
        """The changed lines, old and new."""
        last = self.line + self.old.count("\n")
        old = self.path.read_text().splitlines()[self.line - 1 : last]
        new = self.source().splitlines()[self.line - 1 : self.line + self.new.count("\n")]
        return "\n".join(
            [*(f"- {line.strip()}" for line in old), *(f"+ {it.strip()}" for it in new)]
        )


def mutants_of(path: Path) -> list[Mutant]:
    """Every mistake in one source, in its order, none twice."""
    found = {}
    for part in tree(path).body:
        if isinstance(part, vy_ast.FunctionDef | vy_ast.VariableDecl):
            place = part.name if isinstance(part, vy_ast.FunctionDef) else part.target.id
            for mutant in Source(path, place).mistakes_in(part):
                found[mutant.start, mutant.old, mutant.new] = mutant
    return sorted(found.values(), key=lambda it: (it.start, it.old, it.new))


class Source:
    """One function or constant of a source, and the mistakes in it."""

    def __init__(self, path: Path, place: str) -> None:
        self.path = path
        self.place = place
        self.whole = path.read_text()
        lines = self.whole.splitlines(keepends=True)
        self._starts = [0]
        for line in lines:
            self._starts.append(self._starts[-1] + len(line))

    def mistakes_in(self, part: vy_ast.VyperNode) -> Iterator[Mutant]:
        unread = {id(value) for value in _unread(part)}
        for node in part.get_descendants(include_self=True):
            if id(node) in unread:
                continue
            if isinstance(node, vy_ast.Compare | vy_ast.BinOp):
                yield from self._operators(node)
            elif isinstance(node, vy_ast.BoolOp):
                yield from self._junctions(node)
            elif isinstance(node, vy_ast.Int):
                yield from self._numbers(node)
            elif isinstance(node, vy_ast.Name | vy_ast.NameConstant | vy_ast.Attribute):
                yield from self._names(node)
            elif isinstance(node, vy_ast.Call):
                yield from self._arguments(node)
            elif isinstance(node, vy_ast.If | vy_ast.IfExp):
                yield self._replaced(node.test, "negated condition", "not ({})")
            if isinstance(node, vy_ast.AugAssign):
                yield from self._steps(node)
            if isinstance(node, REMOVABLE) and part is not node:
                yield self._replaced(node, "removed statement", "pass")

    # -- Kinds of mistakes -------------------------------------------------------------------------

    def _operators(self, node: vy_ast.Compare | vy_ast.BinOp) -> Iterator[Mutant]:
        table = COMPARISONS if isinstance(node, vy_ast.Compare) else ARITHMETIC
        yield from self._between(node.left, node.right, table)

    def _junctions(self, node: vy_ast.BoolOp) -> Iterator[Mutant]:
        table = {"and": ("or",), "or": ("and",)}
        for left, right in zip(node.values, node.values[1:], strict=False):
            yield from self._between(left, right, table)

    def _steps(self, node: vy_ast.AugAssign) -> Iterator[Mutant]:
        table = {f"{old}=": tuple(f"{it}=" for it in new) for old, new in ARITHMETIC.items()}
        yield from self._between(node.target, node.value, table)

    def _numbers(self, node: vy_ast.Int) -> Iterator[Mutant]:
        for step in (1, -1):
            if node.value + step >= 0 and not self.place.endswith("_GAS"):
                yield self._replaced(node, "changed number", str(node.value + step))

    def _names(self, node: vy_ast.VyperNode) -> Iterator[Mutant]:
        start, old = self._span(node)
        swapped = NAMES.get(old)
        if swapped:
            yield self._mutant("swapped name", start, old, swapped)
        if isinstance(node, vy_ast.Attribute):
            for ending, other in ROUNDINGS:
                if old.endswith(ending):
                    changed = old.removesuffix(ending) + other
                    yield self._mutant("swapped rounding", start, old, changed)

    def _arguments(self, node: vy_ast.Call) -> Iterator[Mutant]:
        same = COMMUTATIVE.get(getattr(node.func, "id", getattr(node.func, "attr", "")))
        for place, (left, right) in enumerate(zip(node.args, node.args[1:], strict=False)):
            if place == same:
                continue
            start, first = self._span(left)
            after, second = self._span(right)
            between = self.whole[start + len(first) : after]
            old, new = first + between + second, second + between + first
            if first != second:
                yield self._mutant("swapped arguments", start, old, new)

    # -- Places ------------------------------------------------------------------------------------

    def _between(
        self, left: vy_ast.VyperNode, right: vy_ast.VyperNode, table: dict[str, tuple[str, ...]]
    ) -> Iterator[Mutant]:
        """Change the operator that stands between two operands."""
        start, old = self._span(left)
        start += len(old)
        found = re.search(r"[^\s()]+", self.whole[start : self._span(right)[0]])
        if found is None:
            return
        for new in table.get(found[0], ()):
            yield self._mutant("changed operator", start + found.start(), found[0], new)

    def _replaced(self, node: vy_ast.VyperNode, operator: str, new: str) -> Mutant:
        start, old = self._span(node)
        return self._mutant(operator, start, old, new.format(old))

    def _span(self, node: vy_ast.VyperNode) -> tuple[int, str]:
        start = self._starts[node.lineno - 1] + node.col_offset
        end = self._starts[node.end_lineno - 1] + node.end_col_offset
        return start, self.whole[start:end]

    def _mutant(self, operator: str, start: int, old: str, new: str) -> Mutant:
        line = self.whole.count("\n", 0, start) + 1
        return Mutant(self.path, line, self.place, operator, start, old, new)


def _unread(part: vy_ast.VyperNode) -> Iterator[vy_ast.VyperNode]:
    """Values that are given to variables only because a call will answer into them.

    The variables are declared one after the other; the next statement assigns to all of them.
    """
    for node in part.get_descendants(
        (vy_ast.FunctionDef, vy_ast.If, vy_ast.For), include_self=True
    ):
        waiting: dict[str, vy_ast.VyperNode] = {}
        for statement in node.body:
            if isinstance(statement, vy_ast.AnnAssign):
                waiting[statement.target.id] = statement.value
                continue
            if isinstance(getattr(statement, "target", None), vy_ast.Tuple):
                read = {name.id for name in statement.value.get_descendants(vy_ast.Name)}
                names = (getattr(it, "id", "") for it in statement.target.elements)
                yield from (waiting[it] for it in names if it in waiting and it not in read)
            waiting = {}
