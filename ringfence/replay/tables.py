"""The tables at the end of a replay; every number in them is exact, to the last base unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from click import style, unstyle

from ringfence.replay import clients as story
from ringfence.replay.isolation import ASPECTS
from ringfence.replay.report import Report, ending_of, equity
from ringfence.units import format_number, from_base

WORDS = {
    "balances": "tokens",
    "debt": "debt",
    "scaled_debt": "scaled debt",
    "owner": "owner",
    "fund_class": "class",
    "collateral_mask": "collaterals",
    "hold_until": "hold",
}
GAP = "   "


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Set rows under a heading: the first column to the left, numbers to the right."""
    columns = list(zip(head, *rows, strict=True))
    widths = [max(len(unstyle(cell)) for cell in column) for column in columns]
    for number, row in enumerate([head, *rows]):
        cells = [
            cell + _room(cell, width) if at == 0 else _room(cell, width) + cell
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        line = "  " + GAP.join(cells).rstrip()
        yield style(line, bold=True) if number == 0 else line


def _room(cell: str, width: int) -> str:
    return " " * (width - len(unstyle(cell)))


# -- Losses ----------------------------------------------------------------------------------------


def losses(report: Report) -> Iterator[str]:
    """Tell who bore which loss."""
    if not report.losses:
        yield "  Nobody lost anything by a liquidation."
        return
    head = ["vault", "its owner", "insurance shares", "insurance cash", "lenders", "left in vault"]
    rows = [
        [label]
        + [_usdc(report, it) for it in (loss.owner, loss.insurance_shares)]
        + [_usdc(report, it) for it in (loss.insurance_cash, loss.lenders)]
        + [_usdc(report, equity(report.run, label))]
        for label, loss in report.losses.items()
    ]
    yield from table(head, rows)
    yield "  Owner: what was put in at that hour's prices, less loans taken, less what is left."
    yield from _written_off(report)


def _written_off(report: Report) -> Iterator[str]:
    for label, loss in report.losses.items():
        if loss.bad_debt:
            parts = (loss.insurance_shares, loss.insurance_cash, loss.lenders)
            sum_of = " + ".join(_usdc(report, part) for part in parts)
            yield f"  Debt written off in {label}: {_usdc(report, loss.bad_debt)} = {sum_of}"
        if (left := equity(report.run, label)) < 0:
            yield f"  Not yet written off in {label}: {_usdc(report, -left)} above collateral"


def lenders(report: Report) -> Iterator[str]:
    """Tell what the lenders' shares are worth in the end: interest earned, losses borne."""
    for account, claim in ending_of(report.run).claims.items():
        put_in = report.run.stage.assets(story.LENDERS[account])
        change = _signed(report, claim - put_in)
        amounts = f"put in {_usdc(report, put_in)}, claims {_usdc(report, claim)} with interest"
        yield f"  Lender {account}: {amounts}, {change}"


# -- Isolation -------------------------------------------------------------------------------------


def isolation(report: Report) -> Iterator[str]:
    """Tell how far each vault moved while others were liquidated, and in the second run."""
    words = [WORDS[aspect] for aspect in ASPECTS]
    head = ["vault", "seen", *words, "2nd run: tokens", "2nd run: debt, USDC"]
    yield from table(head, [_isolation_row(report, label) for label in report.moved])
    yield "  Seen: how often another vault was liquidated or written off while this one was read,"
    yield "  just before and just after in the same transaction; then how far it moved in all,"
    yield "  tokens and debts in base units."
    yield "  2nd run: difference to the run without the vaults that failed. Debts differ by what"
    yield "  the market's shared interest rate makes of the same loans, and by nothing else."


def _isolation_row(report: Report, label: str) -> list[str]:
    seen = sum(1 for sighting in report.run.sightings if sighting.label == label)
    moved = [_zero(report.moved[label][aspect]) for aspect in ASPECTS]
    twin = report.twins.get(label)
    if twin is None:
        return [label, str(seen), *moved, "-", "-"]
    return [label, str(seen), *moved, _zero(twin.balances), _signed(report, twin.debt)]


def _zero(moved: int) -> str:
    return style(str(moved), fg="red" if moved else "green", bold=moved != 0)


def _usdc(report: Report, assets: int) -> str:
    decimals = report.run.stage.config.credit_asset.decimals
    return format_number(from_base(assets, decimals), decimals)


def _signed(report: Report, assets: int) -> str:
    return ("+" if assets > 0 else "") + _usdc(report, assets)
