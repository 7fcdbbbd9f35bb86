"""What the contracts get from the chain: time, tokens, and transactions that happen whole or not.

Approvals are taken as unlimited, except those of the pool's shares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import wraps
from typing import Any, ClassVar, Concatenate, ParamSpec, Protocol, TypeVar, cast

from ringfence.model.fixed_point import WAD, mul_div_down, uint
from ringfence.model.refusal import Refused, check

ZERO = "0x" + 40 * "0"  # the zero address

Names = tuple[str, ...]

S = TypeVar("S", bound="Part")
P = ParamSpec("P")
R = TypeVar("R")


class Erc20(Protocol):
    """A token, as far as the contracts use one."""

    address: str
    decimals: int

    def balanceOf(self, owner: str) -> int:
        """Balance of an account [token]."""

    def transfer(self, receiver: str, amount: int, *, sender: str) -> bool:
        """Send the caller's tokens; false is a refusal."""

    def transferFrom(self, owner: str, receiver: str, amount: int, *, sender: str) -> bool:
        """Send an owner's tokens; false is a refusal."""


class Chain:
    """Time, and every contract by its address."""

    def __init__(self, now: int) -> None:
        self.now = now  # [unix s] of the block
        self.parts: dict[str, Part] = {}
        self.is_gas_short = False  # for what is called at the moment
        self._is_busy = False

    def token(self, address: str) -> Erc20:
        """The token at an address; what is no token cannot be called."""
        part = self.parts.get(address)
        if not hasattr(part, "balanceOf"):
            raise Refused("")
        return cast("Erc20", part)

    def save(self) -> dict[str, dict[str, Any]]:
        """Copy the storage of every contract."""
        return {address: part.storage() for address, part in self.parts.items()}

    def load(self, saved: dict[str, dict[str, Any]]) -> None:
        """Put saved storage back; contracts that are newer are forgotten."""
        self.parts = {address: self.parts[address] for address in saved}
        for address, storage in saved.items():
            for name, value in storage.items():
                setattr(self.parts[address], name, copy(value))

    @contextmanager
    def little_gas(self) -> Iterator[None]:
        """Call with so little gas that the callee cannot do much."""
        self.is_gas_short = True
        try:
            yield
        finally:
            self.is_gas_short = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Undo everything inside if any of it is refused."""
        if self._is_busy:
            yield
            return

        saved = self.save()
        self._is_busy = True
        try:
            yield
        except BaseException:
            self.load(saved)
            raise
        finally:
            self._is_busy = False


class Part:
    """A contract. `stored` names what it stores: integers, strings, frozen values or flat
    containers of them.
    """

    stored: ClassVar[Names] = ()

    def __init__(self, chain: Chain, address: str) -> None:
        self.chain = chain
        self.address = address
        chain.parts[address] = self

    @property
    def now(self) -> int:
        """Time of the block [unix s]."""
        return self.chain.now

    def storage(self) -> dict[str, Any]:
        """Copy of all that this contract stores."""
        names = [name for kind in type(self).__mro__ for name in kind.__dict__.get("stored", ())]
        return {name: copy(getattr(self, name)) for name in names}


def transaction(
    method: Callable[Concatenate[S, P], R],
) -> Callable[Concatenate[S, P], R]:
    """Make a method of a contract all or nothing."""

    @wraps(method)
    def whole(self: S, *args: P.args, **kwargs: P.kwargs) -> R:
        with self.chain.transaction():
            return method(self, *args, **kwargs)

    return cast("Callable[Concatenate[S, P], R]", whole)


class TokenModel(Part):
    """Mirror of `mocks/MockToken.vy`: a token that misbehaves on request."""

    stored: ClassVar[Names] = (
        "balances",
        "blocked",
        "fee",
        "hook",
        "claimed_balance",
        "hides_balances",
        "returns_false",
        "reverts",
    )

    def __init__(self, chain: Chain, address: str, decimals: int) -> None:
        super().__init__(chain, address)
        self.decimals = decimals
        self.balances: dict[str, int] = {}  # [token]
        self.blocked: set[str] = set()
        self.fee = 0  # [WAD] of a transfer, burned
        self.hook: Callable[[], None] | None = None  # called after each transfer
        self.claimed_balance: int | None = None  # [token] told to everybody by a liar
        self.hides_balances = False
        self.returns_false = False
        self.reverts = False

    def mint(self, receiver: str, amount: int) -> None:
        """Make tokens out of nothing."""
        self.balances[receiver] = uint(self.balances.get(receiver, 0) + amount)

    def rebase(self, holder: str, balance: int) -> None:
        """Set a balance [token]."""
        self.balances[holder] = balance

    def balanceOf(self, owner: str) -> int:
        """Balance of an account, as the token tells it [token]."""
        check(not self.hides_balances, "token: balances hidden")
        if self.claimed_balance is not None:
            return self.claimed_balance
        return self.balances.get(owner, 0)

    def transfer(self, receiver: str, amount: int, *, sender: str) -> bool:
        """Send the caller's tokens."""
        return self._move(sender, receiver, amount)

    def transferFrom(self, owner: str, receiver: str, amount: int, *, sender: str) -> bool:
        """Send an owner's tokens."""
        return self._move(owner, receiver, amount)

    def _move(self, owner: str, receiver: str, amount: int) -> bool:
        check(not self.reverts, "token: transfers stopped")
        check(not self.blocked & {owner, receiver}, "token: blocked")
        if self.returns_false:
            return False

        check(self.balances.get(owner, 0) >= amount, "token: balance too low")
        burned = mul_div_down(amount, self.fee, WAD)
        self.balances[owner] = self.balances.get(owner, 0) - amount
        self.balances[receiver] = self.balances.get(receiver, 0) + amount - burned
        if self.hook is not None:
            self.hook()
        return True
