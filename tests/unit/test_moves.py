"""All that a vault does to the outside world is on one short list, word for word."""

from vyper import ast as vy_ast

from tests.sources import CONTRACTS, functions, imports_of, text

VAULT = sorted(imports_of(CONTRACTS / "Vault.vy"))

# Function and call, each as often as it is in the source. A transfer goes to whom the owner or the
# liquidator named, a payment comes from the caller.
MOVES = [
    (
        "deposit",
        "IERC20(token).transferFrom(msg.sender, self, amount, default_return_value=True)",
    ),
    (
        "repay",
        "IERC20(state.ASSET).transferFrom("
        "msg.sender, state.POOL.address, paid, default_return_value=True)",
    ),
    (
        "liquidate",
        "IERC20(state.ASSET).transferFrom("
        "msg.sender, state.POOL.address, payment, default_return_value=True)",
    ),
    (
        "liquidate",
        "ILiquidationCallee(msg.sender).on_liquidate(self, token, verdict.seized, payment, data)",
    ),
    ("borrow", "state.POOL.borrow(assets, receiver, slots.scaled_debt())"),
    ("_book_repayment", "state.POOL.repay(paid, slots.scaled_debt())"),
    (
        "_settle",
        "state.POOL.settle(verdict.own_repaid + verdict.repaid, verdict.insurance,"
        " slots.scaled_debt(), verdict.bad_debt,)",
    ),
    ("_send", "IERC20(token).transfer(receiver, amount, default_return_value=True)"),
    (
        "_try_send",
        "raw_call(token,"
        ' abi_encode(receiver, amount, method_id=method_id("transfer(address,uint256)")),'
        " max_outsize=32, gas=TRY_GAS, revert_on_failure=False,)",
    ),
]
SENDERS = [
    ("withdraw", "self._send(token, receiver, sent)"),
    ("repay_from_vault", "self._send(state.ASSET, state.POOL.address, paid)"),
    ("liquidate", "self._send(token, receiver, verdict.seized)"),
    ("_judge", "self._try_send(state.ASSET, state.POOL.address, verdict.own_repaid)"),
    ("_surrender_delisted", "self._try_send(part.token, state.INSURANCE_FUND, part.amount)"),
]
BUILTINS = {
    "raw_call", "send", "selfdestruct", "raw_create", "raw_revert", "create_copy_of",
    "create_from_blueprint", "create_minimal_proxy_to",
}  # fmt: skip
FORBIDDEN = ("approve", "delegate_call", " value=", "(value=", "permit")


def calls(kind):
    for path in VAULT:
        for function in functions(path):
            for node in function.get_descendants(kind):
                yield function.name, node


def test_a_vault_is_made_of_these_sources():
    names = [path.relative_to(CONTRACTS).as_posix() for path in VAULT]

    assert names == [
        "Vault.vy",
        "math/bitmap.vy",
        "math/packing.vy",
        "modules/identity.vy",
        "modules/margin_state.vy",
        "modules/vault_slots.vy",
    ]


def test_external_calls_are_on_the_list():
    outward = [(name, text(node.value)) for name, node in calls(vy_ast.ExtCall)]
    built_in = [
        (name, text(node))
        for name, node in calls(vy_ast.Call)
        if isinstance(node.func, vy_ast.Name) and node.func.id in BUILTINS
    ]

    assert sorted(outward + built_in) == sorted(MOVES)


def test_senders_are_on_the_list():
    senders = [
        (name, text(node))
        for name, node in calls(vy_ast.Call)
        if text(node.func) in ("self._send", "self._try_send")
    ]

    assert sorted(senders) == sorted(SENDERS)


def test_no_word_of_other_ways():
    for path in VAULT:
        for word in FORBIDDEN:
            assert word not in path.read_text().lower(), f"{path.name}: {word}"
