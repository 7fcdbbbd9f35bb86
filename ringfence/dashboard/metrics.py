"""Numbers as Prometheus reads them: its text format 0.0.4."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

KIND = "text/plain; version=0.0.4; charset=utf-8"
Value = int | float | Decimal
_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL = re.compile(r"(?!__)[a-zA-Z_][a-zA-Z0-9_]*")  # two underscores are Prometheus's own
_HELP = str.maketrans({"\\": r"\\", "\n": r"\n"})
_QUOTED = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})


@dataclass(frozen=True)
class Metric:
    """One thing that is measured, of each of several; what is not known is None."""

    name: str
    help: str
    kind: Literal["gauge", "counter"]
    samples: Sequence[tuple[Mapping[str, str], Value | None]]


def exposition(metrics: Iterable[Metric]) -> str:
    """Write metrics in the order of their names and labels; a sample of None is left out.

    :raises ValueError: if a name cannot be one, or something is told twice.
    """
    ordered = sorted(metrics, key=lambda it: it.name)
    _check([it.name for it in ordered], _NAME)
    return "".join(f"{line}\n" for metric in ordered for line in _lines(metric))


def _lines(metric: Metric) -> Iterator[str]:
    if metric.kind not in ("gauge", "counter"):
        raise ValueError(f"{metric.name} is a {metric.kind}, which is no kind of metric")
    yield f"# HELP {metric.name} {metric.help.translate(_HELP)}"
    yield f"# TYPE {metric.name} {metric.kind}"
    known = [(_labels(it), value) for it, value in metric.samples if value is not None]
    if len({labels for labels, _ in known}) < len(known):
        raise ValueError(f"{metric.name} has two samples with the same labels")
    for labels, value in sorted(known, key=lambda it: it[0]):
        yield f"{metric.name}{labels} {_number(value)}"


def _labels(labels: Mapping[str, str]) -> str:
    _check(labels, _LABEL)
    pairs = (f'{name}="{labels[name].translate(_QUOTED)}"' for name in sorted(labels))
    return f"{{{','.join(pairs)}}}" if labels else ""


def _number(value: Value) -> str:
    """Write a number, exactly and without exponent if it is a Decimal."""
    if isinstance(value, int):
        return str(int(value))  # True is 1
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "+Inf" if value > 0 else "-Inf"
    return f"{value:f}" if isinstance(value, Decimal) else repr(value)


def _check(names: Iterable[str], shape: re.Pattern[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if shape.fullmatch(name) is None:
            raise ValueError(f'"{name}" cannot be the name of a metric or label')
        if name in seen:
            raise ValueError(f'"{name}" is told twice')
        seen.add(name)
