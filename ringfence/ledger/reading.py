"""Reads the words of a log as its event's ABI names them: all types of these events fill a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from eth_utils.crypto import keccak

from ringfence.ledger.entries import WORD, Entry, as_address

if TYPE_CHECKING:
    from ethpm_types import EventABI


@dataclass(frozen=True)
class Shape:
    """An event: its fields by the word that they fill, topics before data."""

    name: str
    fields: tuple[tuple[str, str], ...]  # name and type

    indexed: int  # how many of them are topics

    def read(self, entry: Entry) -> dict[str, Any] | None:
        """Return what a log of this event says; None if it is another event of the same name."""
        words = (*entry.topics[1:], *_words(entry.data))
        if (len(entry.topics) - 1, len(words)) != (self.indexed, len(self.fields)):
            return None
        return {
            name: _value(word, kind) for (name, kind), word in zip(self.fields, words, strict=True)
        }


Shapes = Mapping[bytes, Shape]  # by first topic


def shapes_of(events: Iterable[EventABI]) -> Shapes:
    """Return how to read the events of a contract."""
    return {keccak(text=it.selector): _shape(it) for it in events}


def _shape(event: EventABI) -> Shape:
    fields = sorted(event.inputs, key=lambda it: not it.indexed)
    named = tuple((str(it.name), str(it.type)) for it in fields)
    return Shape(event.name, named, sum(bool(it.indexed) for it in fields))


def _words(data: bytes) -> Iterable[bytes]:
    return (data[at : at + WORD] for at in range(0, len(data), WORD))


def _value(word: bytes, kind: str) -> Any:
    if kind == "address":
        return _checksummed(word)
    return word if kind == "bytes32" else bool(word[-1]) if kind == "bool" else int.from_bytes(word)


@cache
def _checksummed(word: bytes) -> str:
    return as_address(word)
