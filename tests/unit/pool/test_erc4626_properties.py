"""What ERC-4626 promises, whatever was lent, earned, lost and given away before.

Time stands still once a scene is set: the rate is zero, so that what is asked in one transaction
still holds in the next.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import ape
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.chain_shims import undone
from tests.math.twins import exactly
from tests.steps import MAX, RAY, USDC, YEAR, events

LENT = 1_000_000 * USDC  # by the fixture, and as much is left in cash
SEVERAL = settings(exactly, max_examples=4)
MANY = settings(exactly, max_examples=6)
FUNCTIONS = ("deposit", "mint", "withdraw", "redeem")
IN, OUT = FUNCTIONS[:2], FUNCTIONS[2:]


@dataclass(frozen=True)
class Scene:
    """What happened to a pool with two million, half of it lent."""

    rate: int  # [RAY / s] of the debt
    seconds: int
    lost: int  # [asset] lent and written off
    donated: int  # [asset]
    cash: int  # [asset] left by the lenders


SCENES = st.builds(
    Scene,
    rate=st.sampled_from([0, RAY // YEAR // 10, RAY // YEAR, 10 * RAY // YEAR]),
    seconds=st.integers(1, 2 * YEAR),
    lost=st.sampled_from([0, 1_000 * USDC]) | st.integers(1_000 * USDC, LENT),
    donated=st.sampled_from([0, 1, 10**15]),
    cash=st.sampled_from([0, 1, LENT]) | st.integers(2, LENT),
)
PARTS = st.integers(1, 10**6) | st.sampled_from([1, 10**6])  # millionths of the most
AMOUNTS = st.integers(0, 10**18) | st.integers(0, 10**6)


@pytest.fixture
def stage(chain, twin):
    """Set a scene and undo it afterwards, in the model as well."""

    @contextmanager
    def act(scene):
        saved = twin.model.chain.save()
        with undone(chain):
            play(chain, twin, scene)
            yield twin
        twin.model.chain.load(saved)

    return act


def play(chain, twin, scene):
    if scene.lost:
        lose(twin, scene.lost)
    twin.set_rate(scene.rate)
    chain.mine(deltatime=scene.seconds)
    twin.run(("accrue",))
    twin.set_rate(0)
    if scene.donated:
        twin.run(("asset.transfer", twin.pool, scene.donated))
    leaving = min(twin.ask("cash") - scene.cash, twin.ask("maxWithdraw", twin.actor))
    if leaving > 0:
        twin.run(("withdraw", leaving, twin.actor, twin.actor))


def lose(twin, assets):
    """Lend and write off in one second: no interest, so one is one."""
    twin.run(
        ("borrow", assets, twin.actor, 0),
        ("settle", 0, 0, assets, assets),
    )


def call(twin, name, amount):
    """A call of one of the four functions by and for the actor."""
    return (name, amount, *[twin.actor] * (1 if name in IN else 2))


def most(twin, name):
    return twin.ask(f"max{name.capitalize()}", twin.actor)


def part_of_most(twin, name, part):
    """Some amount that passes; none if nothing does."""
    limit = most(twin, name)
    return max(limit * part // 10**6, 1) if limit else 0


def passes(chain, twin, name, amount):
    """Whether a call would pass now; the model agrees, or the twin would complain."""
    saved = twin.model.chain.save()
    with undone(chain):
        try:
            twin.run(call(twin, name, amount))
        except ape.exceptions.ContractLogicError:
            return False
        finally:
            twin.model.chain.load(saved)
        return True


# -- Previews --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FUNCTIONS)
@SEVERAL
@given(scene=SCENES, part=PARTS)
def test_previews_are_exact(stage, name, scene, part):
    with stage(scene) as twin:
        amount = part_of_most(twin, name, part)
        preview = f"preview{name.capitalize()}"
        if amount and twin.ask(preview, amount):
            previewed, done = twin.run((preview, amount), call(twin, name, amount))
            assert previewed == done


@MANY
@given(scene=SCENES, amount=AMOUNTS)
def test_previews_stand_on_the_side_of_the_pool(stage, scene, amount):
    with stage(scene) as twin:
        shares, assets, issued, cost, burned, paid = twin.run(
            ("convertToShares", amount),
            ("convertToAssets", amount),
            ("previewDeposit", amount),
            ("previewMint", amount),
            ("previewWithdraw", amount),
            ("previewRedeem", amount),
        )

    assert issued == shares <= burned <= shares + 1
    assert paid == assets <= cost <= assets + 1


# -- Conversions -----------------------------------------------------------------------------------


@MANY
@given(scene=SCENES, amounts=st.lists(AMOUNTS, min_size=4, max_size=4).map(sorted))
def test_conversions_are_monotone_and_lose_at_most_one_step(stage, scene, amounts):
    with stage(scene) as twin:
        shares = twin.run(*[("convertToShares", amount) for amount in amounts])
        assets = twin.run(*[("convertToAssets", amount) for amount in amounts])
        back = twin.run(*[("convertToAssets", amount) for amount in shares])
        forth = twin.run(*[("convertToShares", amount) for amount in assets])

    assert all(less <= more for less, more in [*pairwise(shares), *pairwise(assets)])
    assert all(it <= amount for it, amount in zip(back, amounts, strict=True))
    assert all(it <= amount for it, amount in zip(forth, amounts, strict=True))


@SEVERAL
@given(scene=SCENES)
def test_nothing_converts_to_nothing(stage, scene):
    names = ["convertToShares", "convertToAssets"]
    names += [f"preview{name.capitalize()}" for name in FUNCTIONS]
    with stage(scene) as twin:
        assert twin.run(*[(name, 0) for name in names]) == [0] * len(names)


@SEVERAL
@given(scene=SCENES)
def test_all_shares_are_worth_no_more_than_all_assets(stage, scene):
    with stage(scene) as twin:
        supply, total = twin.run(("totalSupply",), ("totalAssets",))
        assert twin.ask("convertToAssets", supply) <= total
        assert twin.pool.asset() == twin.asset


# -- Limits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FUNCTIONS)
@SEVERAL
@given(scene=SCENES)
def test_limits_are_tight(chain, stage, name, scene):
    with stage(scene) as twin:
        limit = most(twin, name)

        assert limit == 0 or passes(chain, twin, name, limit)
        assert not passes(chain, twin, name, limit + 1)


@pytest.mark.parametrize("name", FUNCTIONS)
@SEVERAL
@given(scene=SCENES)
def test_zero_is_refused(chain, stage, name, scene):
    with stage(scene) as twin:
        assert not passes(chain, twin, name, 0)


@SEVERAL
@given(scene=SCENES)
def test_a_stranger_may_come_in_and_has_nothing_to_take_out(stage, outsider, scene):
    with stage(scene) as twin:
        room, shares, own, *out = twin.run(
            ("maxDeposit", outsider),
            ("maxMint", outsider),
            ("maxDeposit", twin.actor),
            ("maxWithdraw", outsider),
            ("maxRedeem", outsider),
        )

    assert room == own
    assert (room > 0) >= (shares > 0)
    assert out == [0, 0]


# -- Round trips -----------------------------------------------------------------------------------


@pytest.mark.parametrize("way_in", IN)
@pytest.mark.parametrize("way_out", OUT)
@SEVERAL
@given(scene=SCENES, part=PARTS)
def test_in_and_out_never_earns(stage, way_in, way_out, scene, part):
    with stage(scene) as twin:
        amount = part_of_most(twin, way_in, part)
        if not amount or not twin.ask(f"preview{way_in.capitalize()}", amount):
            return
        held, wealth = twin.run(("balanceOf", twin.actor), ("asset.balanceOf", twin.actor))
        answer = twin.ask(*call(twin, way_in, amount))
        assets, shares = (amount, answer) if way_in == "deposit" else (answer, amount)
        back = assets if way_out == "withdraw" else shares
        if back > most(twin, way_out) or not twin.ask(f"preview{way_out.capitalize()}", back):
            return
        answer = twin.ask(*call(twin, way_out, back))
        after = twin.run(("balanceOf", twin.actor), ("asset.balanceOf", twin.actor))

    if way_out == "withdraw":
        assert answer >= shares
        assert (after[0] <= held, after[1]) == (True, wealth)
    else:
        assert answer <= assets
        assert (after[0], after[1] <= wealth) == (held, True)


@pytest.mark.parametrize("way_in", IN)
@pytest.mark.parametrize("way_out", OUT)
@SEVERAL
@given(scene=SCENES, part=PARTS)
def test_out_and_in_never_earns(stage, way_in, way_out, scene, part):
    with stage(scene) as twin:
        amount = part_of_most(twin, way_out, part)
        if not amount or not twin.ask(f"preview{way_out.capitalize()}", amount):
            return
        answer = twin.ask(*call(twin, way_out, amount))
        assets, shares = (amount, answer) if way_out == "withdraw" else (answer, amount)
        back = assets if way_in == "deposit" else shares
        if back > most(twin, way_in) or not twin.ask(f"preview{way_in.capitalize()}", back):
            return
        answer = twin.ask(*call(twin, way_in, back))

    if way_in == "deposit":
        assert answer <= shares
    else:
        assert answer >= assets


# -- Callers, allowances, events -------------------------------------------------------------------


@pytest.mark.parametrize("name", OUT)
@SEVERAL
@given(scene=SCENES, part=PARTS)
def test_an_allowance_is_needed_and_spent_to_the_unit(stage, outsider, name, scene, part):
    with stage(scene) as twin:
        amount = part_of_most(twin, name, part)
        if not amount or not twin.ask(f"preview{name.capitalize()}", amount):
            return
        pool, owner = twin.pool, twin.actor
        shares = amount if name == "redeem" else pool.previewWithdraw(amount)
        send = getattr(pool, name)

        twin.run(("approve", outsider, shares - 1))
        with ape.reverts("share: allowance too low"):
            send(amount, outsider, owner, sender=outsider)
        twin.run(("approve", outsider, shares))
        send(amount, outsider, owner, sender=outsider)

        assert pool.allowance(owner, outsider) == 0


@pytest.mark.parametrize("name", OUT)
@SEVERAL
@given(scene=SCENES, part=PARTS)
def test_an_endless_allowance_stays(stage, outsider, name, scene, part):
    with stage(scene) as twin:
        amount = part_of_most(twin, name, part)
        if not amount or not twin.ask(f"preview{name.capitalize()}", amount):
            return
        twin.run(("approve", outsider, MAX))
        getattr(twin.pool, name)(amount, outsider, twin.actor, sender=outsider)

        assert twin.pool.allowance(twin.actor, outsider) == MAX


@pytest.mark.parametrize("name", FUNCTIONS)
@SEVERAL
@given(scene=SCENES, part=PARTS)
def test_what_moves_is_what_the_event_says(stage, outsider, name, scene, part):
    with stage(scene) as twin:
        pool, asset, owner = twin.pool, twin.asset, twin.actor
        amount = part_of_most(twin, name, part)
        if not amount or not twin.ask(f"preview{name.capitalize()}", amount):
            return
        asset.mint(outsider, 10**18, sender=outsider)
        asset.approve(pool, MAX, sender=outsider)
        twin.run(("approve", outsider, MAX))
        before = (pool.balanceOf(owner), pool.totalSupply(), asset.balanceOf(pool), pool.cash())
        parties = (owner,) if name in IN else (outsider, owner)
        receipt = getattr(pool, name)(amount, *parties, sender=outsider)
        after = (pool.balanceOf(owner), pool.totalSupply(), asset.balanceOf(pool), pool.cash())

    (log,) = events(receipt, pool.Deposit if name in IN else pool.Withdraw)
    sign = 1 if name in IN else -1
    steps = [sign * (new - old) for old, new in zip(before, after, strict=True)]
    assert steps == [log.shares, log.shares, log.assets, log.assets]
    assert amount == (log.assets if name in ("deposit", "withdraw") else log.shares)
    assert (log.sender, log.owner) == (outsider, owner)
    assert name in IN or log.receiver == outsider
