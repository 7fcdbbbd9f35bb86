"""Makes a market live: many vaults, many transactions of all kinds, hostile tokens among them.

Each move is drawn from what the vaults are after the block before, and no block touches a vault
twice, so moves pass in whatever order they are mined.
"""

from __future__ import annotations

import random
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass

from eth_utils import keccak, to_checksum_address

from ringfence.market import label_bytes
from tests.segregation.moves import DRAWN, Move, Tx, prices
from tests.segregation.sight import look
from tests.stateful.contract import Contract
from tests.stateful.driver import Anvil
from tests.steps import MAX, RAY, USDC

OWNERS, HOUSE_VAULTS = 50, 3
STRATEGIES = ("alpha", "basis", "carry", "delta", "hedge", "yield")
LENT = 40_000_000 * USDC
BLOCK, APART = 40, 60  # moves, seconds
GAS = 1_000_000  # of a transaction
MISSES = 10  # draws without a move, after which a block is mined
LIES = 32  # quirk of a token


@dataclass(frozen=True)
class Life:
    """What happened."""

    moves: dict[str, int]  # that passed, by kind; each is a transaction
    reverted: dict[str, int]
    approvals: int  # transactions of their own that moves needed
    preparations: int  # transactions before the first move: money, lending
    blocks: int  # from the first move to the last
    vaults: tuple[str, ...]
    in_debt: tuple[str, ...]  # of the vaults, at the end

    @property
    def transactions(self):
        """How many moves were sent."""
        return sum(self.moves.values()) + sum(self.reverted.values())


def live(market, deployer, vaults=1_000, transactions=20_000, seed=0):
    """Let a market on an Anvil live, and return what happened.

    :param market: of mocks, as the demo configures it; nobody needs to have lent to it.
    :param deployer: account that deploys hostile tokens.
    :param vaults: client vaults to open; a few of the house come on top.
    :param transactions: moves to send, openings and prices among them. Approvals are sent with the
        first move that needs them, and what prepares the market is sent before; neither counts.
    """
    living = Living(market, deployer, random.Random(seed))
    with living.unhurried():
        living.prepare()
        living.open_vaults(vaults)
        living.go_on(transactions)
    return living.told()


class Living:
    """A market, its people, and what there is to see of its vaults."""

    def __init__(self, market, deployer, dice):
        self.dice = dice
        self.node = Anvil(market.provider.uri)
        self.now = self.node.now()
        self._find_contracts(market)
        self._deploy(market.project, deployer)
        self.smallest_debt = market.pool.min_debt()
        self.usual_prices = {symbol: market.feeds[symbol].answer() for symbol in self.feeds}
        self.house, self.officer = market.factory.owner(), market.factory.compliance_officer()
        self.owners = [_person(f"owner {number}") for number in range(OWNERS)]
        self.stranger, self.lender = _person("stranger"), _person("lender")
        self.liquidator = _person("liquidator")
        self.sights, self._contracts, self._approved = {}, {}, set()
        self._touched = {}
        self._passed, self._reverted = Counter(), Counter()
        self._sent = {"approvals": 0, "preparations": 0, "blocks": 0}

    def _find_contracts(self, market):
        self.factory, self.pool = _known(market.factory), _known(market.pool)
        self.engine, self.asset = _known(market.engine), _known(market.asset)
        self.tokens = {symbol: _known(it) for symbol, it in market.tokens.items()}
        self.feeds = {symbol: _known(it) for symbol, it in market.feeds.items()}
        self._vault_type = market.implementation.contract_type

    def _deploy(self, project, deployer):
        """Deploy tokens that no market lists, and what looks at many vaults in one call."""
        self.stray = _known(deployer.deploy(project.MockToken, "Stray", "STRAY", 18))
        self.liar = _known(deployer.deploy(project.MockToken, "Liar", "LIAR", 18))
        self.forger = _known(deployer.deploy(project.MockForger))
        self._observer = _known(deployer.deploy(project.MockObserver))

    # -- Seeing ------------------------------------------------------------------------------------

    def pick(self, fits=lambda _: True):
        """Draw a vault that this block has not touched; None if none fits."""
        free = (it for it in self.sights.values() if it.address not in self._touched)
        found = [it for it in free if fits(it)]
        return self.dice.choice(found) if found else None

    def contract(self, vault):
        """The contract of a vault that was seen."""
        return self._contracts[vault.address]

    def would_pass(self, target, method, *args):
        """Tell whether a view answers now."""
        call = {"to": target.address, "data": "0x" + target.payload(method, *args).hex()}
        return "result" in self.node.answers(("eth_call", [call, "latest"]))[0]

    def approvals(self, payer, token, vault):
        """What a payer has to send before a vault can pull a token, unless it was sent before."""
        if (payer, token.address, vault.address) in self._approved:
            return ()
        return (Tx(payer, token, "approve", (vault.address, MAX)),)

    def _look(self, vaults):
        tokens = [*self.tokens.values(), self.stray]
        contracts = [self._contracts[it] for it in vaults]
        self.sights |= look(self.node, self._observer, self.engine, tokens, contracts)

    # -- Living ------------------------------------------------------------------------------------

    @contextmanager
    def unhurried(self):
        """Let the node send for everybody, and mine when it is told to."""
        modes = ("evm_setAutomine", "anvil_autoImpersonateAccount")
        try:
            self.node.results((modes[0], [False]), (modes[1], [True]))
            yield
        finally:
            self.node.results((modes[0], [True]), (modes[1], [False]))

    def prepare(self):
        """Give money to everybody, lend some of it, and let the liar begin to lie."""
        people = [
            *self.owners,
            self.house,
            self.stranger,
            self.lender,
            self.liquidator,
            self.officer,
        ]
        self.node.results(*(("anvil_setBalance", [it, hex(RAY)]) for it in people))
        minted = [
            Tx(self.stranger, token, "mint", (it, RAY))
            for it in people
            for token in (*self.tokens.values(), self.stray)
        ]
        lent = [
            Tx(self.lender, self.asset, "approve", (self.pool.address, MAX)),
            Tx(self.lender, self.pool, "deposit", (LENT, self.lender)),
            Tx(self.stranger, self.liar, "set_quirks", (LIES,)),
        ]
        for some in (*_parts(minted, BLOCK), lent):
            assert all(map(_is_done, self._mine(some)))
            self._sent["preparations"] += len(some)

    def open_vaults(self, count):
        """Open vaults of owners by turns, each under another label, and then those of the house."""
        opened = [
            Tx(self.stranger, self.factory, "open_vault", (self.owners[number % OWNERS], label))
            for number, label in enumerate(map(_label, range(count)))
        ]
        opened += [
            Tx(self.house, self.factory, "open_house_vault", (_label(number),))
            for number in range(HOUSE_VAULTS)
        ]
        for some in _parts([("opening", Move(it)) for it in opened], BLOCK):
            for receipt in self._send(some):
                vault = to_checksum_address(receipt["logs"][0]["topics"][1][-40:])
                self._contracts[vault] = Contract(vault, self._vault_type)
        self._look(self._contracts)

    def go_on(self, transactions):
        """Send moves until there were so many; between them prices fall and recover by turns."""
        news, apart = len(self.feeds), max(BLOCK, len(self._contracts) // 2)
        assert transactions - self._count >= news, "too few for so many vaults"
        is_crash = False
        while left := transactions - self._count:
            is_last = left < 2 * (apart + news)
            self._pass_time(left - news if is_last else apart)
            is_crash = not is_crash and not is_last
            self._send([("price", it) for it in prices(self, is_crash)])
            self._look(self._contracts)

    def told(self):
        """What happened."""
        return Life(
            moves=dict(self._passed),
            reverted=dict(self._reverted),
            **self._sent,
            vaults=tuple(self.sights),
            in_debt=tuple(it.address for it in self.sights.values() if it.debt > 0),
        )

    @property
    def _count(self):
        return self._passed.total() + self._reverted.total()

    def _pass_time(self, count):
        """Send so many moves, a block after the other."""
        end = self._count + count
        while left := end - self._count:
            moves = self._drawn(min(BLOCK, left))
            self._send(moves)
            self._look(self._touched)

    def _drawn(self, most):
        """Draw the moves of a block, with their kinds."""
        self._touched = {}  # in the order of the moves
        moves, missed = [], 0
        while len(moves) < most and missed < MISSES:
            kind = self._kind()
            move = DRAWN[kind][1](self)
            if move is None:
                missed += 1
                continue
            moves.append((kind, move))
            self._touched |= dict.fromkeys(move.vaults)
        return moves

    def _kind(self):
        """Draw a kind of move, now and then of those that never happened."""
        fresh = [it for it in DRAWN if it not in self._passed]
        kinds = fresh if fresh and self.dice.random() < 0.25 else list(DRAWN)
        return self.dice.choices(kinds, [DRAWN[it][0] for it in kinds])[0]

    # -- Sending -----------------------------------------------------------------------------------

    def _send(self, moves):
        """Mine a block of moves, with their kinds; return the receipts of those that passed."""
        needs = [tx for _, move in moves for tx in move.needs]
        receipts = self._mine([*needs, *(move.tx for _, move in moves)])
        assert all(map(_is_done, receipts[: len(needs)]))
        self._approved |= {(it.sender, it.target.address, it.args[0]) for it in needs}
        self._sent["approvals"] += len(needs)
        self._sent["blocks"] += 1
        passed = []
        for (kind, _), receipt in zip(moves, receipts[len(needs) :], strict=True):
            if not _is_done(receipt):
                self._reverted[kind] += 1
                continue
            self._passed[kind] += 1
            passed.append(receipt)
        return passed

    def _mine(self, transactions):
        """Mine a block of them, and return their receipts."""
        hashes = self.node.results(*(("eth_sendTransaction", [_wish(it)]) for it in transactions))
        self.now += APART
        self.node.results(("evm_mine", [self.now]))
        (receipts,) = self.node.results(("eth_getBlockReceipts", ["latest"]))
        by_hash = {it["transactionHash"]: it for it in receipts}
        return [by_hash[it] for it in hashes]


def _known(part):
    return Contract(part.address, part.contract_type)


def _wish(tx):
    data = "0x" + tx.target.payload(tx.method, *tx.args).hex()
    return {"from": tx.sender, "to": tx.target.address, "data": data, "gas": hex(GAS)}


def _is_done(receipt):
    return receipt["status"] == "0x1"


def _person(name):
    """An account that the node sends for without a key."""
    return to_checksum_address(keccak(text=name)[-20:])


def _label(number):
    return label_bytes(f"{STRATEGIES[number % len(STRATEGIES)]} {number}")


def _parts(items, size):
    for first in range(0, len(items), size):
        yield items[first : first + size]
