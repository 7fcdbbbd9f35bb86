"""Contracts of the chain as the machine calls them, and the steps that it takes."""

from __future__ import annotations

from dataclasses import dataclass, field

from eth_abi import encode
from eth_utils import keccak


class Contract:
    """An address with the functions of its type, encoded without Ape."""

    def __init__(self, address, contract_type):
        self.address = str(address)
        self.kind = contract_type.name
        self.type = contract_type
        self._functions = {
            abi.name: (keccak(abi.selector.encode())[:4], [it.canonical_type for it in abi.inputs])
            for abi in [*contract_type.view_methods, *contract_type.mutable_methods]
        }

    def __repr__(self):
        return f"{self.kind} {self.address[:8]}"

    def payload(self, method, *args):
        """Calldata of a call."""
        selector, types = self._functions[method]
        return selector + encode(types, args)


@dataclass(frozen=True)
class Step:
    """One transaction, and how the model is told of it."""

    act: str
    sender: str
    target: Contract
    method: str
    args: tuple = ()
    told: tuple | None = None  # the arguments as the model takes them, where they differ
    reactions: tuple[Step, ...] = field(default=())  # what the caller does when it is called back
    elapsed: int | None = None  # [s] since the step before

    @property
    def words(self):
        """The arguments as the model takes them."""
        return self.args if self.told is None else self.told

    @property
    def call(self):
        """The call as the model takes announcements."""
        return (self.method, *self.words)

    @property
    def payload(self):
        """Calldata."""
        return self.target.payload(self.method, *self.args)

    def __str__(self):
        text = f"{self.act}: {self.sender[:8]} calls {self.target}.{self.method}{self.args}"
        return text + "".join(f"\n    reacts: {it}" for it in self.reactions)
