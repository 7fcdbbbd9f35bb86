"""What a market is to be: the configuration that a deployment carries out.

A configuration is a TOML file, reviewed like code, or is built in Python. Either way it is checked
before it exists: whoever holds a `MarketConfig` holds one that the contracts accept. Ratios are
`Decimal` fractions of one, amounts whole tokens, prices the quote currency per whole token.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from ringfence.exceptions import ConfigError

AccountRef = str | int | None  # address, index of a local test account, or the deployer

# Where the configurations are that come with the package: of a wheel, of a checkout.
HOMES = (Path(__file__).parent / "configs", Path(__file__).parents[1] / "scripts" / "config")

OFFICES = ("risk_admin", "guardian", "compliance_officer")  # that the market's owner fills


@dataclass(frozen=True)
class Roles:
    """Who governs the market; None stands for the deployer, a number for a local test account."""

    owner: AccountRef = None
    risk_admin: AccountRef = None
    guardian: AccountRef = None
    compliance_officer: AccountRef = None
    treasury: AccountRef = None


@dataclass(frozen=True)
class OracleTerms:
    """What the oracle knows beside its feeds."""

    sequencer: str | None = None  # uptime feed of a rollup
    grace: int = 0  # [s] after the sequencer came back


@dataclass(frozen=True)
class Feed:
    """One AggregatorV3 price feed; without address, a mock that answers `price`."""

    price: Decimal  # about what the feed says today; what a mock says at first
    lowest: Decimal  # believable price
    highest: Decimal  # believable price
    heartbeat: int  # [s] age beyond which an answer is stale
    decimals: int = 8
    address: str | None = None

    @property
    def is_mock(self) -> bool:
        """Whether the deployment makes this feed itself."""
        return self.address is None


@dataclass(frozen=True)
class CreditAsset:
    """The token that lenders supply and vaults borrow; without address, a mock."""

    symbol: str
    decimals: int
    address: str | None = None
    is_quote: bool = False  # it is the quote currency itself and needs no feed
    feed: Feed | None = None

    @property
    def is_mock(self) -> bool:
        """Whether the deployment makes this token itself."""
        return self.address is None

    @property
    def price(self) -> Decimal:
        """About what a whole token costs. [quote currency]"""
        return self.feed.price if self.feed is not None else Decimal(1)


@dataclass(frozen=True)
class Token:
    """A token that vaults may post as collateral; without address, a mock.

    If its symbol is that of the credit asset it is the credit asset, and has its decimals, address
    and feed.
    """

    symbol: str
    initial_ltv: Decimal  # debt per value that borrowing may reach
    maintenance_ltv: Decimal  # debt per value from which a vault is liquidated
    decimals: int = 18
    cap: Decimal | None = None  # [token] balance of one vault that counts when risk grows
    address: str | None = None
    feed: Feed | None = None

    @property
    def is_mock(self) -> bool:
        """Whether the deployment makes this token itself."""
        return self.address is None


@dataclass(frozen=True)
class RateCurve:
    """What borrowing costs, as nominal rates per year."""

    kink: Decimal  # utilisation at which the slope changes
    base: Decimal  # rate at no utilisation
    at_kink: Decimal  # rate at the kink
    full: Decimal  # rate at full utilisation


@dataclass(frozen=True)
class PoolTerms:
    """The lenders' terms; amounts in whole credit assets, no cap where None."""

    share_name: str
    share_symbol: str
    insurance_share: Decimal  # of interest, to the insurance fund
    treasury_share: Decimal  # of interest, to the treasury
    loss_stop: Decimal  # of total assets: losses of the lenders above it stop borrowing
    min_debt: Decimal  # of one vault
    max_debt: Decimal | None = None  # of one vault
    supply_cap: Decimal | None = None
    borrow_cap: Decimal | None = None


@dataclass(frozen=True)
class LiquidationTerms:
    """What a liquidation pays and how far it goes."""

    min_bonus: Decimal  # of the repayment, at health 1
    max_bonus: Decimal  # of the repayment, at the floor health and below
    floor_health: Decimal
    target_health: Decimal  # to which a liquidation restores
    insurance_share: Decimal  # of the bonus, to the insurance fund
    dust_value: Decimal  # [quote currency] collateral worth no more is nothing to liquidate


@dataclass(frozen=True)
class GasAssumptions:
    """What a liquidation is assumed to cost whoever carries it out."""

    gas_price: Decimal  # [gwei]
    native_price: Decimal  # [quote currency] of a whole native coin
    liquidation_gas: int = 2_000_000  # [gas] of the dearest one: a vault with 16 tokens

    @property
    def liquidation_cost(self) -> Decimal:
        """Cost of the dearest liquidation. [quote currency]"""
        return self.liquidation_gas * self.gas_price.scaleb(-9) * self.native_price


@dataclass(frozen=True)
class MarketConfig:
    """A market, ready to deploy.

    :raises ConfigError: if it breaks a rule; all that it breaks are named.
    """

    name: str
    quote: str  # currency of all values, such as "USD"
    credit_asset: CreditAsset
    tokens: tuple[Token, ...]
    rates: RateCurve
    pool: PoolTerms
    liquidation: LiquidationTerms
    gas: GasAssumptions
    notice: int = 259_200  # [s] how long a change that raises risk stands announced
    roles: Roles = field(default_factory=Roles)
    oracle: OracleTerms = field(default_factory=OracleTerms)

    def __post_init__(self) -> None:
        from ringfence.config_rules import problems_of

        problems = problems_of(vars(self))
        if problems:
            raise ConfigError(problems)

    @classmethod
    def load(cls, path: Path | str) -> MarketConfig:
        """Read a TOML file; amounts in it are never floats.

        :param path: a file, or the name of a configuration that comes with the package: "demo".
        :raises ConfigError: naming every key that is unknown, missing, of the wrong type or breaks
            a rule.
        """
        try:
            text = config_path(path).read_text(encoding="utf-8")
            document = tomllib.loads(text, parse_float=Decimal)
        except OSError as error:
            raise ConfigError([f"cannot be read: {error.strerror}"], str(path)) from None
        except ValueError as error:  # of TOML, of UTF-8, or an integer of thousands of digits
            raise ConfigError([f"is not TOML: {error}"], str(path)) from None
        return cls.from_document(document, str(path))

    @classmethod
    def from_document(
        cls, document: dict[str, Any], source: str = "market configuration"
    ) -> MarketConfig:
        """Build the configuration from a parsed TOML document.

        :raises ConfigError: as `load` does.
        """
        from ringfence.config_reader import read_document
        from ringfence.config_rules import problems_of

        sections, problems = read_document(document)
        problems = problems + problems_of(sections)
        if problems:
            raise ConfigError(problems, source)
        return cls(**sections)

    @property
    def digest(self) -> str:
        """Hash of all that was configured, the same for the same market. [hex]"""
        text = json.dumps(asdict(self), sort_keys=True, default=lambda it: f"{it.normalize():f}")
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def feeds(self) -> dict[str, Feed]:
        """The feeds of the market by the symbol of the token that they price."""
        feeds = {token.symbol: token.feed for token in self.tokens}
        feeds[self.credit_asset.symbol] = self.credit_asset.feed
        return {symbol: feed for symbol, feed in feeds.items() if feed is not None}

    def token(self, symbol: str) -> Token:
        """Return the collateral token with this symbol.

        :raises KeyError: if the market has none.
        """
        for token in self.tokens:
            if token.symbol == symbol:
                return token
        raise KeyError(symbol)

    def is_credit_asset(self, token: Token) -> bool:
        """Tell whether a collateral token is the credit asset itself."""
        return token.symbol == self.credit_asset.symbol

    def decimals_of(self, token: Token) -> int:
        """Return the decimals of a collateral token."""
        return self.credit_asset.decimals if self.is_credit_asset(token) else token.decimals


def bundled() -> dict[str, Path]:
    """Return the configurations that come with the package, by name."""
    home = next(it for it in HOMES if it.is_dir())
    return {path.stem: path for path in sorted(home.glob("*.toml"))}


def config_path(name: Path | str) -> Path:
    """Return the file of a configuration: its own, or that of a name that comes with the package;
    one that is here goes first.
    """
    path = Path(name)
    return path if path.is_file() else bundled().get(str(name), path)
