"""The Vyper sources as trees, for tests about the code itself."""

import re
from functools import cache
from pathlib import Path

from vyper import ast as vy_ast
from vyper.ast import parse_to_ast

CONTRACTS = Path(__file__).parent.parent / "contracts"
REAL = sorted(
    path for path in CONTRACTS.rglob("*.vy") if "mocks" not in path.relative_to(CONTRACTS).parts
)
DEPLOYABLE = [path for path in REAL if path.parent == CONTRACTS]

_IMPORT = re.compile(r"^from (\.+)([\w.]*) import (\w+)", re.MULTILINE)


@cache
def tree(path: Path) -> vy_ast.Module:
    return parse_to_ast(path.read_text(), module_path=str(path), resolved_path=str(path))


@cache
def imports_of(path: Path) -> frozenset[Path]:
    """A source and all sources of ours that it is made of; interfaces are none."""
    found = {path}
    for dots, folder, name in _IMPORT.findall(path.read_text()):
        base = path.parent if dots == "." else path.parent.parent
        source = base.joinpath(*folder.split(".")) / f"{name}.vy"
        if source.is_file():
            found |= imports_of(source)
    return frozenset(found)


def functions(path: Path) -> list[vy_ast.FunctionDef]:
    return tree(path).get_children(vy_ast.FunctionDef)


def decorators(function: vy_ast.FunctionDef) -> set[str]:
    return {node.id for node in function.decorator_list}


def text(node: vy_ast.VyperNode) -> str:
    """The source of a node on one line."""
    return re.sub(r"\s+", " ", node.node_source_code).replace("( ", "(").replace(" )", ")")


def reasons(path: Path) -> set[str]:
    """The reasons with which the functions of a source revert."""
    nodes = tree(path).get_descendants((vy_ast.Assert, vy_ast.Raise))
    messages = [node.msg if isinstance(node, vy_ast.Assert) else node.exc for node in nodes]
    return {message.value for message in messages if isinstance(message, vy_ast.Str)}
