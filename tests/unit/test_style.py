"""What every source owes its reader."""

import re

import pytest
from vyper import ast as vy_ast

from tests.sources import CONTRACTS, DEPLOYABLE, REAL, decorators, functions, tree

MAX_LINES = 400
MAX_BODY = 25
EXEMPT = {"__init__"}


def named(path):
    return str(path.relative_to(CONTRACTS))


def body_lines(function):
    body = [node for node in function.body if not isinstance(node, vy_ast.DocStr)]
    if not body:
        return 0
    source = function.full_source_code.splitlines()[body[0].lineno - 1 : body[-1].end_lineno]
    return sum(1 for line in source if line.strip() and not line.strip().startswith("#"))


@pytest.mark.parametrize("path", REAL, ids=named)
def test_files_are_short(path):
    assert len(path.read_text().splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", REAL, ids=named)
def test_functions_are_short(path):
    long = {f.name: body_lines(f) for f in functions(path) if body_lines(f) > MAX_BODY}

    assert not long


@pytest.mark.parametrize("path", REAL, ids=named)
def test_external_functions_are_documented(path):
    for function in functions(path):
        if "external" not in decorators(function):
            continue
        notes = function.doc_string.value if function.doc_string else ""
        assert "@notice" in notes, function.name
        for argument in function.args.args:
            assert f"@param {argument.arg} " in notes, f"{function.name}: {argument.arg}"
        assert ("@return" in notes) == (function.returns is not None), function.name


@pytest.mark.parametrize("path", REAL, ids=named)
def test_asserts_have_a_reason(path):
    for node in tree(path).get_descendants(vy_ast.Assert):
        proven = "# dev:" in node.full_source_code.splitlines()[node.end_lineno - 1]
        assert node.msg is not None or proven, f"line {node.lineno}"


@pytest.mark.parametrize("path", REAL, ids=named)
def test_logs_use_keywords(path):
    for node in tree(path).get_descendants(vy_ast.Log):
        assert not node.value.args, f"line {node.lineno}"


@pytest.mark.parametrize("path", DEPLOYABLE, ids=named)
def test_headers_say_how_to_stop_it(path):
    header = path.read_text().split('"""')[1]

    for tag in ("@title", "@license AGPL-3.0-only", "@author", "@notice", "@custom:kill"):
        assert tag in header


@pytest.mark.parametrize("path", REAL, ids=named)
def test_products_are_divided_in_math_only(path):
    if path.parent.name == "math":
        return
    assert not re.search(r"\*[^*\n]*//", re.sub(r"#.*", "", path.read_text()))
