"""Turns a TOML document into the parts of a `MarketConfig`, and collects what it cannot read.

Nothing here judges: that is `config_rules`. Each problem names the key path, the value found and
what to write instead.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from ringfence import config as c
from ringfence.units import UnitError, parse_number, parse_ratio, parse_span

T = TypeVar("T")
LARGEST = 40  # places before or after the point that any number in a market could mean
_ABSENT = object()


class _Wrong(Exception):
    """What a value should have been."""


class _Table:
    """One TOML table: takes keys out of it and notes what is missing, wrong or left over."""

    def __init__(self, content: object, path: str, problems: list[str]) -> None:
        self.path = path
        self.problems = problems
        self.begun = len(problems)
        self.known: list[str] = []
        self.content: dict[str, Any] = content if isinstance(content, dict) else {}
        if not isinstance(content, dict):
            problems.append(f"{path} = {shown(content)}: is no table; write [{path}]")

    def take(self, key: str, parse: Callable[[Any], T], default: object = _ABSENT) -> Any:
        """Return the value of a key, or None and a note if there is none that can be read."""
        self.known.append(key)
        value = self.content.get(key, _ABSENT)
        if value is _ABSENT:
            if default is _ABSENT:
                self.problems.append(f"{self.key(key)}: is missing; {_example(parse)}")
            return None if default is _ABSENT else default
        try:
            return parse(value)
        except (_Wrong, UnitError):
            self.problems.append(f"{self.key(key)} = {shown(value)}: {_example(parse)}")
            return None

    def table(self, key: str) -> _Table | None:
        """Return a table within this one, or None if there is none."""
        self.known.append(key)
        if key not in self.content:
            return None
        return _Table(self.content[key], self.key(key), self.problems)

    def key(self, key: str) -> str:
        """Return the whole path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def build(self, make: Callable[..., T], **parts: Any) -> T | None:
        """Make the part that this table describes, unless something in it could not be read."""
        known = ", ".join(sorted(self.known))
        for key, value in self.content.items():
            if key not in self.known:
                self.problems.append(
                    f"{self.key(key)} = {shown(value)}: is unknown; known here are {known}"
                )
        return make(**parts) if len(self.problems) == self.begun else None


# -- Values ----------------------------------------------------------------------------------------


def shown(value: object) -> str:
    """Write a value as it stands in the file."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return str(value).lower()
    return "{…}" if isinstance(value, dict) else str(value)


def _text(value: Any) -> str:
    """write a text such as "demo" """
    if not isinstance(value, str) or not value.strip():
        raise _Wrong
    return value


def _flag(value: Any) -> bool:
    """write true or false"""
    if not isinstance(value, bool):
        raise _Wrong
    return value


def _count(value: Any) -> int:
    """write a whole number such as 18"""
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 10**LARGEST:
        raise _Wrong
    return value


def _number(value: Any) -> Decimal:
    """write a number such as 1_000 or 193.84"""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise _Wrong
    number = parse_number(value) if isinstance(value, str) else Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > LARGEST:
        raise _Wrong
    return number


def _ratio(value: Any) -> Decimal:
    """write a share such as "80 %" or "8000 bps" """
    return parse_ratio(_text(value))


def _span(value: Any) -> int:
    """write a span of time such as "3 days" or "25 hours" """
    return parse_span(_text(value))


def _account(value: Any) -> str | int:
    """write an address, or the number of a local test account"""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return _text(value)


def _example(parse: Callable[[Any], Any]) -> str:
    return (parse.__doc__ or "").strip()


# -- Sections --------------------------------------------------------------------------------------


def read_document(document: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the parts of a `MarketConfig` that could be read, and what is wrong with the rest."""
    problems: list[str] = []
    root = _Table(document, "", problems)
    parts: dict[str, Any] = {}
    market = _section(root, "market")
    if market is not None:
        parts |= {"name": market.take("name", _text), "quote": market.take("quote", _text)}
        parts["notice"] = market.take("notice", _span, 259_200)
        market.build(dict)
    readers: dict[str, Callable[[_Table], Any]] = {
        "credit_asset": _credit_asset,
        "rates": _rates,
        "pool": _pool,
        "liquidation": _liquidation,
        "gas": _gas,
    }
    for name, read in readers.items():
        section = _section(root, name)
        parts[name] = None if section is None else read(section)
    parts["roles"] = _optional(root, "roles", _roles, c.Roles())
    parts["oracle"] = _optional(root, "oracle", _oracle, c.OracleTerms())
    parts["tokens"] = _tokens(root)
    root.build(dict)
    return {name: part for name, part in parts.items() if part is not None}, problems


def _section(root: _Table, name: str) -> _Table | None:
    section = root.table(name)
    if section is None:
        root.problems.append(f"{name}: is missing; add a table [{name}]")
    return section


def _optional(root: _Table, name: str, read: Callable[[_Table], T | None], default: T) -> T | None:
    section = root.table(name)
    return default if section is None else read(section)


def _tokens(root: _Table) -> tuple[c.Token, ...]:
    table = root.table("token")
    if table is None:
        root.problems.append("token: is missing; add a table [token.WETH] for each collateral")
        return ()
    credit = root.content.get("credit_asset")
    credit_symbol = credit.get("symbol") if isinstance(credit, dict) else None
    read = [
        _token(symbol, _Table(content, f"token.{symbol}", root.problems), symbol == credit_symbol)
        for symbol, content in table.content.items()
    ]
    return tuple(token for token in read if token is not None)


def _roles(table: _Table) -> c.Roles | None:
    names = ["owner", "risk_admin", "guardian", "compliance_officer", "treasury"]
    return table.build(c.Roles, **{name: table.take(name, _account, None) for name in names})


def _oracle(table: _Table) -> c.OracleTerms | None:
    return table.build(
        c.OracleTerms,
        sequencer=table.take("sequencer", _text, None),
        grace=table.take("grace", _span, 0),
    )


def _feed(table: _Table | None) -> c.Feed | None:
    if table is None:
        return None
    return table.build(
        c.Feed,
        price=table.take("price", _number),
        lowest=table.take("lowest", _number),
        highest=table.take("highest", _number),
        heartbeat=table.take("heartbeat", _span),
        decimals=table.take("decimals", _count, 8),
        address=_address(table),
    )


def _address(table: _Table) -> str | None:
    """One of `address` and `mock = true` says where a contract comes from."""
    is_mock = table.take("mock", _flag, False)
    address: str | None = table.take("address", _text, None)
    if is_mock and address is not None:
        table.problems.append(
            f"{table.key('mock')} = true: there is an address, too; leave one of them out"
        )
    if is_mock is False and address is None:
        table.problems.append(
            f"{table.key('address')}: is missing; write an address, or mock = true on a local chain"
        )
    return address


def _credit_asset(table: _Table) -> c.CreditAsset | None:
    return table.build(
        c.CreditAsset,
        symbol=table.take("symbol", _text),
        decimals=table.take("decimals", _count),
        address=_address(table),
        is_quote=table.take("is_quote", _flag, False),
        feed=_feed(table.table("feed")),
    )


def _token(symbol: str, table: _Table, is_credit_asset: bool) -> c.Token | None:
    """The credit asset as collateral has its decimals, address and feed from there."""
    if is_credit_asset:
        return table.build(
            c.Token,
            symbol=symbol,
            initial_ltv=table.take("initial_ltv", _ratio),
            maintenance_ltv=table.take("maintenance_ltv", _ratio),
            cap=table.take("cap", _number, None),
        )
    if table.table("second_feed") is not None:
        table.problems.append(
            f"{table.key('second_feed')}: needs notice on chain; drop it, and have the risk admin"
            " announce set_second_feed after the deployment"
        )
    return table.build(
        c.Token,
        symbol=symbol,
        initial_ltv=table.take("initial_ltv", _ratio),
        maintenance_ltv=table.take("maintenance_ltv", _ratio),
        decimals=table.take("decimals", _count),
        cap=table.take("cap", _number, None),
        address=_address(table),
        feed=_feed(table.table("feed")),
    )


def _rates(table: _Table) -> c.RateCurve | None:
    names = ["kink", "base", "at_kink", "full"]
    return table.build(c.RateCurve, **{name: table.take(name, _ratio) for name in names})


def _pool(table: _Table) -> c.PoolTerms | None:
    shares = ["insurance_share", "treasury_share", "loss_stop"]
    caps = ["max_debt", "supply_cap", "borrow_cap"]
    return table.build(
        c.PoolTerms,
        share_name=table.take("share_name", _text),
        share_symbol=table.take("share_symbol", _text),
        min_debt=table.take("min_debt", _number),
        **{name: table.take(name, _ratio) for name in shares},
        **{name: table.take(name, _number, None) for name in caps},
    )


def _liquidation(table: _Table) -> c.LiquidationTerms | None:
    shares = ["min_bonus", "max_bonus", "insurance_share"]
    numbers = ["floor_health", "target_health", "dust_value"]
    return table.build(
        c.LiquidationTerms,
        **{name: table.take(name, _ratio) for name in shares},
        **{name: table.take(name, _number) for name in numbers},
    )


def _gas(table: _Table) -> c.GasAssumptions | None:
    return table.build(
        c.GasAssumptions,
        gas_price=table.take("gas_price", _number),
        native_price=table.take("native_price", _number),
        liquidation_gas=table.take("liquidation_gas", _count, 2_000_000),
    )
