"""Every revert reason of the contracts: what kind of refusal it is, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from ape.exceptions import ApeException, ContractLogicError
from eth_tester.exceptions import TransactionFailed  # type: ignore[import-untyped]
from web3.exceptions import ContractLogicError as RefusedCall
from web3.exceptions import Web3Exception

from ringfence.exceptions import (
    BrokenPromise,
    DeadPrice,
    LimitReached,
    NotAuthorised,
    NotEnoughMargin,
    NotEnoughTokens,
    NotLiquidatable,
    OutOfOrder,
    Paused,
    Refused,
    RingfenceError,
    TransferFailed,
    WrongSetup,
)

_OWNER = "send it from the account that owns it"
_RISK_ADMIN = "send it from the market's risk admin"
_TRANSFER = "look whether the token is paused, or blocks one of the two accounts"
_REDEPLOY = "correct the configuration and deploy the market again"
_BUG = "this should not happen; report it with the transaction"

REASONS: dict[str, tuple[type[Refused], str]] = {
    # -- Vault -------------------------------------------------------------------------------------
    "vault: not the owner": (NotAuthorised, "send it from the account that owns the vault"),
    "vault: not the candidate": (NotAuthorised, "the owner must offer the vault to you first"),
    "vault: not the officer": (NotAuthorised, "send it from the market's compliance officer"),
    "vault: not the factory": (NotAuthorised, "open vaults through the factory"),
    "vault: initialised before": (OutOfOrder, "a vault is initialised once, when it is opened"),
    "vault: another fund class": (
        OutOfOrder,
        "client vaults stay with clients and house vaults with the house; open a new one",
    ),
    "vault: on hold": (
        Paused,
        "the compliance officer holds this vault; depositing and repaying stay possible",
    ),
    "vault: not on hold": (OutOfOrder, "there is no hold to release"),
    "vault: hold in the past": (OutOfOrder, "choose an end in the future"),
    "vault: hold above 30 days": (OutOfOrder, "choose an end within 30 days, and renew it then"),
    "vault: paused": (Paused, "wait until the pause lapses, or repay the debt and withdraw then"),
    "vault: zero amount": (OutOfOrder, "give an amount above zero"),
    "vault: zero receiver": (OutOfOrder, "name an account that is to receive it"),
    "vault: receiver is the vault": (
        OutOfOrder,
        "name an account other than the vault itself",
    ),
    "vault: balance too low": (NotEnoughTokens, "the vault holds less than that"),
    "vault: nothing arrived": (TransferFailed, "the token says it moved, and did not"),
    "vault: transfer failed": (TransferFailed, _TRANSFER),
    "vault: dead price": (DeadPrice, "wait until the token's price is alive, and enable it then"),
    "vault: 16 tokens enabled": (LimitReached, "disable another token of the vault first"),
    "vault: token not enabled": (OutOfOrder, "the vault does not count this token as collateral"),
    "vault: not enough margin": (NotEnoughMargin, "take less, repay debt or deposit collateral"),
    "vault: no debt": (OutOfOrder, "the vault owes nothing"),
    "vault: repay more": (
        LimitReached,
        "repay all of the debt, or a part that counts and leaves at least the smallest debt",
    ),
    "vault: deadline passed": (OutOfOrder, "set a later deadline and try again"),
    "vault: seizes too little": (
        NotLiquidatable,
        "the price has moved; quote again, or ask for less",
    ),
    "vault: no loss to realise": (NotLiquidatable, "there is collateral above dust to sell first"),
    # -- Engine ------------------------------------------------------------------------------------
    "engine: vault is healthy": (
        NotLiquidatable,
        "it can be liquidated below a health of 1",
    ),
    "engine: nothing to liquidate": (
        NotLiquidatable,
        "name a token of the vault, and a repayment above zero",
    ),
    "engine: token not seizable": (
        NotLiquidatable,
        "its price is dead or the vault has none of it; pick another token of the vault",
    ),
    "engine: token not enabled": (NotLiquidatable, "pick a token that the vault has enabled"),
    "engine: nothing to seize": (NotLiquidatable, "repay more, so that it buys some of the token"),
    "engine: pick another token": (
        NotLiquidatable,
        "this token cannot restore the vault's health; another of its tokens can",
    ),
    "engine: repay in full": (NotLiquidatable, "the debt is small; offer to repay all of it"),
    "engine: dead price": (DeadPrice, "wait until the price is alive; repaying stays possible"),
    "engine: dead credit price": (DeadPrice, "wait until the credit asset's price is alive"),
    "engine: not a vault": (OutOfOrder, "give the address of a vault of this market"),
    "engine: not the risk admin": (NotAuthorised, _RISK_ADMIN),
    "engine: token not listed": (OutOfOrder, "the market does not accept this token"),
    "engine: token delisted": (OutOfOrder, "the market does not accept this token any more"),
    "engine: token listed before": (OutOfOrder, "a token is listed once, for good"),
    "engine: too many tokens": (LimitReached, "88 tokens were listed; a new market is needed"),
    "engine: cap above 96 bits": (OutOfOrder, "choose a smaller cap, or the maximum for none"),
    "engine: shares are no collateral": (OutOfOrder, "list another token"),
    "engine: decimals not 6 to 18": (OutOfOrder, "wrap the token in one with 18 decimals"),
    "engine: initial LTV too high": (
        OutOfOrder,
        "keep the initial LTV at or below the maintenance LTV",
    ),
    "engine: bonus too large for LTV": (
        OutOfOrder,
        "keep (1 + largest bonus) * maintenance LTV at or below 99 %",
    ),
    "engine: bonus out of order": (OutOfOrder, "keep 0 < smallest <= largest bonus < 100 %"),
    "engine: floor health above 1": (OutOfOrder, "choose a floor health below 1"),
    "engine: target health too low": (OutOfOrder, "choose a target health above 1"),
    "engine: target health too high": (OutOfOrder, "choose a target health of at most 1.25"),
    "engine: insurance takes all": (OutOfOrder, "leave the liquidator part of the bonus"),
    "engine: dust out of range": (OutOfOrder, "choose a dust value above zero"),
    "engine: credit asset stays": (OutOfOrder, "the credit asset cannot be delisted"),
    "engine: ramp to zero first": (
        OutOfOrder,
        "ramp the maintenance LTV to zero, then delist",
    ),
    "engine: not a rise": (OutOfOrder, "the new LTV must be above the present one"),
    "engine: not a fall": (OutOfOrder, "the new LTV must be below the present one"),
    "engine: ramp below 3 days": (OutOfOrder, "let the ramp last three days or more"),
    "engine: ramp too long": (OutOfOrder, "end the ramp earlier"),
    # -- Pool --------------------------------------------------------------------------------------
    "pool: insufficient cash": (
        LimitReached,
        "the rest is lent, or was never there; take less, lend some, or wait",
    ),
    "pool: supply cap reached": (LimitReached, "deposit less, or wait until the cap is raised"),
    "pool: borrow cap reached": (LimitReached, "borrow less, or wait until the cap is raised"),
    "pool: debt below the smallest": (LimitReached, "borrow at least the smallest debt"),
    "pool: debt above the largest": (LimitReached, "borrow less: one vault may not owe that much"),
    "pool: paused": (Paused, "wait until the pause lapses; repaying and withdrawing stay possible"),
    "pool: borrowing stopped": (
        Paused,
        "lenders have borne losses; wait until the risk admin resumes borrowing",
    ),
    "pool: borrowing is not stopped": (OutOfOrder, "there is nothing to resume"),
    "pool: no such pause level": (OutOfOrder, "choose level 1 or 2"),
    "pool: pause above 7 days": (OutOfOrder, "pause for at most 7 days, and again then"),
    "pool: pause is not above that": (OutOfOrder, "choose a level below the present one"),
    "pool: not the guardian": (NotAuthorised, "send it from the market's guardian"),
    "pool: not the risk admin": (NotAuthorised, _RISK_ADMIN),
    "pool: not a vault": (NotAuthorised, "only vaults of this market borrow and repay here"),
    "pool: zero assets": (OutOfOrder, "give an amount above zero"),
    "pool: nothing to deposit": (OutOfOrder, "deposit enough for at least one share"),
    "pool: nothing to withdraw": (OutOfOrder, "give an amount above zero"),
    "pool: transfer failed": (TransferFailed, _TRANSFER),
    "pool: payment missing": (TransferFailed, "the credit asset did not move as it was told to"),
    "pool: more than the debt": (BrokenPromise, _BUG),
    "pool: not the whole debt": (BrokenPromise, _BUG),
    "pool: repays nothing": (
        OutOfOrder,
        "repay more: the debt is not counted that finely",
    ),
    "pool: debt limits out of order": (OutOfOrder, "keep 0 < smallest <= largest debt"),
    "pool: cap above 120 bits": (OutOfOrder, "choose a smaller limit"),
    "pool: zero address": (WrongSetup, _REDEPLOY),
    "pool: reserves above half": (WrongSetup, "leave the lenders half of the interest"),
    "pool: loss stop above 100 %": (WrongSetup, _REDEPLOY),
    # -- Shares of the pool ------------------------------------------------------------------------
    "share: balance too low": (NotEnoughTokens, "there are fewer shares than that"),
    "share: allowance too low": (NotEnoughTokens, "let the owner of the shares approve more"),
    "share: zero receiver": (OutOfOrder, "name an account that is to receive the shares"),
    "share: supply above 128 bits": (LimitReached, "deposit less"),
    "share: permit expired": (OutOfOrder, "sign a permit with a later deadline"),
    "share: invalid signature": (NotAuthorised, "the owner of the shares must sign the permit"),
    # -- Oracle and rates --------------------------------------------------------------------------
    "oracle: quote needs no feed": (OutOfOrder, "the quote currency is always worth one"),
    "oracle: no first feed": (OutOfOrder, "set the token's first feed before the second"),
    "oracle: heartbeat out of range": (OutOfOrder, "choose a heartbeat above zero seconds"),
    "oracle: too many decimals": (OutOfOrder, "choose a feed with at most 36 decimals"),
    "oracle: empty bounds": (OutOfOrder, "choose a lowest price below the highest"),
    "oracle: lowest price is zero": (OutOfOrder, "choose a lowest price above zero"),
    "oracle: highest price too high": (OutOfOrder, "choose a lower highest price"),
    "oracle: replacement is dead": (
        DeadPrice,
        "the feed in place is live; replace it by a live one",
    ),
    "oracle: price jumps above 5 %": (
        OutOfOrder,
        "a replacement must agree with the live feed within 5 %; wait until it does",
    ),
    "oracle: replaced too recently": (
        OutOfOrder,
        "a feed stands for the length of the notice before it is replaced; wait until then",
    ),
    "rates: kink not inside (0, 1)": (WrongSetup, _REDEPLOY),
    "rates: curve falls": (WrongSetup, _REDEPLOY),
    "rates: above the cap": (WrongSetup, "stay at or below 1,000 % a year"),
    # -- Fund and factory --------------------------------------------------------------------------
    "fund: not the owner": (NotAuthorised, "send it from the market's owner"),
    "fund: not the pool": (NotAuthorised, "only the market's pool draws on its insurance fund"),
    "fund: borrowing is stopped": (
        Paused,
        "the fund stays whole until the risk admin resumes borrowing",
    ),
    "fund: transfer failed": (TransferFailed, _TRANSFER),
    "fund: foreign pool": (WrongSetup, _REDEPLOY),
    "factory: foreign implementation": (WrongSetup, _REDEPLOY),
    "factory: zero owner": (OutOfOrder, "name the account that is to own the vault"),
    "factory: open a house vault": (
        OutOfOrder,
        "the market's owner keeps the platform's money in house vaults; open one of those",
    ),
    "factory: vault exists": (OutOfOrder, "the owner has a vault of this label; choose another"),
    # -- Ownership and notice ----------------------------------------------------------------------
    "ownership: not the owner": (NotAuthorised, _OWNER),
    "ownership: not the candidate": (NotAuthorised, "the owner must offer it to you first"),
    "ownership: zero owner": (WrongSetup, _REDEPLOY),
    "notice: below 3 days": (WrongSetup, "choose a notice of three days or more"),
    "notice: not announced": (OutOfOrder, "announce this very call, and make it after the notice"),
    "notice: too early": (OutOfOrder, "the notice has not passed; try again then"),
    "notice: lapsed": (OutOfOrder, "the announcement is too old; announce it again"),
    "packing: above 128 bits": (LimitReached, "the amount is too large for the books; take less"),
}


def refusal(reason: str) -> Refused:
    """Return the exception for a revert reason, one of these contracts or not."""
    kind, advice = REASONS.get(reason, (Refused, ""))
    return kind(reason, advice)


def known_reason(message: str) -> str | None:
    """Return the reason of these contracts that a node's error message contains, if any."""
    found = [reason for reason in REASONS if reason in message]
    return max(found, key=len, default=None)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what Ape, web3 and the in-process chain raise within into a `RingfenceError` of one
    line.

    A revert becomes the `Refused` of its reason; of anything else the first line is kept.
    """
    try:
        yield
    except (ContractLogicError, RefusedCall, TransactionFailed) as error:
        raise refusal(known_reason(str(error)) or _foreign_reason(error)) from error
    except (ApeException, Web3Exception) as error:
        reason = known_reason(str(error))
        raise (refusal(reason) if reason else RingfenceError(first_line(error))) from error


def _foreign_reason(error: Exception) -> str:
    """What a contract that is none of ours said, without the words that nodes put around it."""
    message = error.message if isinstance(error, RefusedCall) else None
    said = message or first_line(error)
    quoted = re.search(r"reverted with reason string '(.*)'", said)
    return quoted[1] if quoted else said.removeprefix("execution reverted: ")


def first_line(error: Exception) -> str:
    """Return the first line of an error, or its kind if it says nothing."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
