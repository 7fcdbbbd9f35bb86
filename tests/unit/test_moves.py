"""All that a vault does to the outside world is on one short list."""

from vyper import ast as vy_ast

from tests.sources import CONTRACTS, functions, text

VAULT = [CONTRACTS / "Vault.vy", CONTRACTS / "modules" / "identity.vy"]
VAULT += [CONTRACTS / "modules" / "margin_state.vy"]

MOVES = {
    # function, call: what it does
    ("deposit", "IERC20(token).transferFrom"),  # in, from the caller
    ("repay", "IERC20(state.ASSET).transferFrom"),  # from the caller to the pool
    ("liquidate", "IERC20(state.ASSET).transferFrom"),  # from the caller to the pool
    ("liquidate", "ILiquidationCallee(msg.sender).on_liquidate"),  # the caller's callback
    ("borrow", "state.POOL.borrow"),
    ("_book_repayment", "state.POOL.repay"),
    ("_settle", "state.POOL.settle"),
    ("_send", "IERC20(token).transfer"),
    ("_try_send", "raw_call"),
}
SENDERS = {
    ("withdraw", "self._send(token, receiver, sent)"),
    ("repay_from_vault", "self._send(state.ASSET, state.POOL.address, paid)"),
    ("liquidate", "self._send(token, receiver, verdict.seized)"),
    ("_judge", "self._try_send(state.ASSET, state.POOL.address, verdict.own_repaid)"),
    ("_surrender_delisted", "self._try_send(part.token, state.INSURANCE_FUND, part.amount)"),
}
BUILTINS = {
    "raw_call", "send", "selfdestruct", "raw_create", "raw_revert", "create_copy_of",
    "create_from_blueprint", "create_minimal_proxy_to",
}  # fmt: skip


def calls(kind):
    for path in VAULT:
        for function in functions(path):
            for node in function.get_descendants(kind):
                yield function.name, node


def test_external_calls_are_on_the_list():
    outward = {(name, text(node.value.func)) for name, node in calls(vy_ast.ExtCall)}
    built_in = {
        (name, node.func.id)
        for name, node in calls(vy_ast.Call)
        if isinstance(node.func, vy_ast.Name) and node.func.id in BUILTINS
    }

    assert outward | built_in == MOVES


def test_the_raw_call_is_a_transfer():
    raw = {name: text(node) for name, node in calls(vy_ast.Call) if text(node.func) == "raw_call"}

    assert set(raw) == {"_try_send"}
    assert 'method_id("transfer(address,uint256)")' in raw["_try_send"]
    assert "is_delegate_call" not in raw["_try_send"]
    assert "value=" not in raw["_try_send"]


def test_senders_are_on_the_list():
    senders = {
        (name, text(node))
        for name, node in calls(vy_ast.Call)
        if text(node.func) in ("self._send", "self._try_send")
    }

    assert senders == SENDERS


def test_no_word_of_approval():
    for path in VAULT:
        assert "approve" not in path.read_text().lower(), path.name
