"""What the tokens of a market and their feeds must not be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from ringfence import config as c
from ringfence.config_rules.words import (
    address_problems,
    amount_problems,
    inside,
    is_exact,
    problem,
    share,
)
from ringfence.model.collateral_registry import MAX_CAP, MAX_TOKENS
from ringfence.units import WAD_DECIMALS, format_number, format_percent

MIN_DECIMALS = 6
MAX_DECIMALS = 18
MAX_FEED_DECIMALS = 36
MAX_PRICE = 2**96 - 1  # [WAD]
MAX_SECURED = Decimal("0.99")  # (1 + largest bonus) * maintenance LTV


def asset_problems(asset: c.CreditAsset) -> Iterator[str]:
    """Yield what is wrong with the credit asset and its feed."""
    yield from _decimals("credit_asset.decimals", asset.decimals)
    yield from address_problems("credit_asset.address", asset.address)
    if asset.is_quote and asset.feed is not None:
        remedy = "drop the feed, or write is_quote = false"
        yield problem("credit_asset.is_quote", True, "the quote currency needs no feed", remedy)
    if not asset.is_quote and asset.feed is None:
        remedy = "add [credit_asset.feed], or write is_quote = true"
        yield f"credit_asset.feed: is missing; {remedy}"
    yield from _feed("credit_asset.feed", asset.feed)


def token_problems(
    tokens: Iterable[c.Token], asset: c.CreditAsset, terms: c.LiquidationTerms | None
) -> Iterator[str]:
    """Yield what is wrong with the collateral tokens and their feeds."""
    tokens = tuple(tokens)
    if not tokens:
        yield "token: is missing; a market without collateral lends nothing, add [token.WETH]"
    if len(tokens) > MAX_TOKENS:
        yield problem("token", len(tokens), "are too many", f"list at most {MAX_TOKENS}")
    yield from _twice("symbol", [token.symbol for token in tokens])
    own = [t.address for t in tokens if t.address is not None]
    yield from _twice("address", own + ([asset.address] if asset.address is not None else []))
    for token in tokens:
        key = f"token.{token.symbol}"
        yield from _ltv(key, token, terms)
        yield from _other_letters(token.symbol, asset.symbol)
        if token.symbol == asset.symbol:
            yield from _credit_token(key, token)
            yield from amount_problems(f"{key}.cap", token.cap, asset.decimals, MAX_CAP)
        else:
            yield from _foreign_token(key, token)


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    for name, count in Counter(name.lower() for name in names).items():
        if count > 1:
            yield problem(f"token.{what}", name, "is there twice", "list each token once")


def _other_letters(symbol: str, asset: str) -> Iterator[str]:
    """People type symbols in any case of letters."""
    if symbol != asset and symbol.lower() == asset.lower():
        wrong = f"is the credit asset {asset} in other letters"
        yield problem("token.symbol", symbol, wrong, f"write [token.{asset}], or another symbol")


def _ltv(key: str, token: c.Token, terms: c.LiquidationTerms | None) -> Iterator[str]:
    yield from inside(f"{key}.initial_ltv", token.initial_ltv, 0, 1)
    yield from inside(f"{key}.maintenance_ltv", token.maintenance_ltv, 0, 1)
    if token.initial_ltv > token.maintenance_ltv:
        limit = share(token.maintenance_ltv)
        yield problem(
            f"{key}.initial_ltv",
            share(token.initial_ltv),
            f"is above the maintenance LTV of {limit}",
            f"lower it to {limit} or less",
        )
    if terms is not None and (1 + terms.max_bonus) * token.maintenance_ltv > MAX_SECURED:
        secured = format_percent((1 + terms.max_bonus) * token.maintenance_ltv)
        yield problem(
            f"{key}.maintenance_ltv",
            share(token.maintenance_ltv),
            f"with the largest bonus of {share(terms.max_bonus)} it comes to {secured} of the"
            " collateral, above 99 %",
            f"lower it to {format_percent(MAX_SECURED / (1 + terms.max_bonus))} or less, or lower"
            " liquidation.max_bonus",
        )


def _credit_token(key: str, token: c.Token) -> Iterator[str]:
    for part in ("address", "feed"):
        if getattr(token, part) is not None:
            yield f"{key}.{part}: is the credit asset, which has its own; leave it out here"


def _foreign_token(key: str, token: c.Token) -> Iterator[str]:
    yield from _decimals(f"{key}.decimals", token.decimals)
    yield from address_problems(f"{key}.address", token.address)
    yield from amount_problems(f"{key}.cap", token.cap, token.decimals, MAX_CAP)
    if token.feed is None:
        yield f"{key}.feed: is missing; collateral needs a price, add [{key}.feed]"
    yield from _feed(f"{key}.feed", token.feed)


def _decimals(key: str, decimals: int) -> Iterator[str]:
    if not MIN_DECIMALS <= decimals <= MAX_DECIMALS:
        remedy = f"only tokens with {MIN_DECIMALS} to {MAX_DECIMALS} are supported"
        yield problem(key, decimals, "is out of range", remedy)


def _feed(key: str, feed: c.Feed | None) -> Iterator[str]:
    if feed is None:
        return
    yield from address_problems(f"{key}.address", feed.address)
    if not 0 <= feed.decimals <= MAX_FEED_DECIMALS:
        remedy = f"only 0 to {MAX_FEED_DECIMALS} are supported"
        yield problem(f"{key}.decimals", feed.decimals, "is out of range", remedy)
        return
    if not 0 < feed.heartbeat < 2**64:
        yield problem(f"{key}.heartbeat", feed.heartbeat, "is out of range", 'write "25 hours"')
    if not feed.lowest < feed.price < feed.highest:
        bounds = f"{format_number(feed.lowest)} to {format_number(feed.highest)}"
        remedy = "widen the bounds around it"
        yield problem(f"{key}.price", feed.price, f"is outside its bounds {bounds}", remedy)
    yield from _feed_numbers(key, feed)


def _feed_numbers(key: str, feed: c.Feed) -> Iterator[str]:
    for name in ("price", "lowest", "highest"):
        price: Decimal = getattr(feed, name)
        if not is_exact(price, feed.decimals):
            remedy = f"write {feed.decimals} decimal places"
            yield problem(f"{key}.{name}", price, "is finer than the feed", remedy)
    if not _is_positive(feed.lowest):
        yield problem(f"{key}.lowest", feed.lowest, "is not above zero", "write more")
    if feed.highest.scaleb(WAD_DECIMALS) > MAX_PRICE:
        yield problem(f"{key}.highest", feed.highest, "is too large", "lower it")


def _is_positive(price: Decimal) -> bool:
    """Above zero even when counted with 18 decimals."""
    return price.scaleb(WAD_DECIMALS) >= 1
