"""Every refusal of the contracts becomes an exception that says what to do."""

import ape
import pytest
from web3.exceptions import Web3RPCError

from ringfence.exceptions import NotAuthorised, Refused, RingfenceError
from ringfence.reasons import REASONS, explained, known_reason, refusal
from tests.sources import REAL, reasons

ON_CHAIN = set().union(*map(reasons, REAL))


def test_every_reason_has_an_entry():
    assert set(REASONS) == ON_CHAIN


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_entry_says_what_to_do(reason):
    kind, advice = REASONS[reason]

    assert issubclass(kind, RingfenceError)
    assert advice
    assert not advice.endswith(".")
    assert "\n" not in str(refusal(reason))


def test_unknown_reason_is_kept():
    assert str(refusal("token: blocked")) == "token: blocked"


def test_longest_reason_wins():
    message = "execution reverted: vault: not the owner"

    assert known_reason(message) == "vault: not the owner"


def test_revert_becomes_the_exception_of_its_reason(vault, owner, outsider, weth):
    with pytest.raises(NotAuthorised) as caught, explained():
        vault.withdraw(weth, 1, outsider, sender=outsider)

    assert caught.value.reason == "vault: not the owner"
    assert caught.value.advice


def test_revert_of_a_foreign_token_keeps_its_reason(weth, outsider):
    with pytest.raises(Refused, match="^token: balance too low$"), explained():
        weth.transfer(outsider, 1, sender=outsider)


@pytest.mark.parametrize(
    "error", [ape.exceptions.ProviderError("no route\nto host"), Web3RPCError("no route\nto host")]
)
def test_other_errors_keep_their_first_line(error):
    with pytest.raises(RingfenceError, match="^no route$"), explained():
        raise error
