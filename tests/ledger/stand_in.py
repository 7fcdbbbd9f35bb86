"""A node that makes up the logs of a long life: what a block logged follows from its number.

Every vault is opened, takes a deposit, borrows, repays and withdraws, again and again, in the
shapes of the real events; each answer is written as a node writes it.
"""

from __future__ import annotations

from collections import defaultdict

from eth_abi import encode
from eth_utils import keccak

from ringfence.ledger.entries import TRANSFER, Block, as_word
from ringfence.ledger.node import entry_of

ROUND = 9  # logs of a round of a vault's life; two more are transfers that touch no vault
UNIT = 10**6


class StandIn:
    """Answers as `Node` does, for `vaults` vaults that live `rounds` rounds each."""

    def __init__(self, market, first, vaults, rounds):
        self.factory, self.pool = market.factory.address, market.pool.address
        self.asset, self.token = market.asset.address, market.tokens["WETH"].address
        self.first, self.count, self.rounds = first, vaults, rounds
        self.topics = topics_of(market)
        self._page = None

    @property
    def events(self):
        """How many logs a ledger has to keep."""
        return self.count * (1 + self.rounds * ROUND)

    def block(self, number=None):
        last = self.first + self.count * (1 + self.rounds)
        number = last if number is None else number
        return Block(number, number.to_bytes(32), 1_600_000_000 + 12 * number)

    def has(self, block):
        return block == self.block(block.number)

    def logs(self, first, last, topics=(), addresses=()):
        page = self._indexed(first, last)
        if addresses:
            found = [it for one in addresses for it in page["by", bytes(one)]]
        else:
            place = 1 if topics[1] is not None else 2
            found = [it for word in topics[place] for it in page[place, word]]
        return [entry_of(it) for it in found]

    def _indexed(self, first, last):
        """The logs of some blocks, by who logged them and by whom a transfer touches."""
        if self._page is not None and self._page[0] == (first, last):
            return self._page[1]
        found = defaultdict(list)
        for number in range(first, last + 1):
            for log in self._of(number):
                found["by", bytes.fromhex(log["address"][2:])].append(log)
                if log["topics"][0] == hexed(TRANSFER):
                    for place in (1, 2):
                        found[place, bytes.fromhex(log["topics"][place][2:])].append(log)
        self._page = ((first, last), found)
        return found

    def _of(self, number):
        at = number - self.first
        if not 0 <= at < self.count * (1 + self.rounds):
            return []
        turn, vault = divmod(at, self.count)
        made = self._opening(vault) if turn == 0 else self._round(vault, turn)
        tx = hexed(number.to_bytes(32))
        return [
            {
                "blockNumber": hex(number),
                "logIndex": hex(position),
                "transactionHash": tx,
                "address": address,
                "topics": [hexed(it) for it in words],
                "data": hexed(data),
            }
            for position, (address, words, data) in enumerate(made)
        ]

    def _opening(self, vault):
        label = f"vault {vault}".encode().ljust(32, b"\0")
        indexed = (as_word(vault_at(vault)), as_word(owner_of(vault)), label)
        said = encode(["uint256", "uint256"], [1, vault + 1])
        return [(self.factory, (self.topics["VaultOpened"], *indexed), said)]

    def _round(self, vault, turn):
        at, owner = vault_at(vault), owner_of(vault)
        pool, asset, token = self.pool, self.asset, self.token
        scaled = 100 * UNIT * turn

        def log(address, name, indexed, *values):
            return address, (self.topics[name], *map(as_word, indexed)), encoded(*values)

        def moved(of, sender, receiver, amount):
            return of, (TRANSFER, as_word(sender), as_word(receiver)), encoded(amount)

        return [
            moved(token, owner, at, 5 * UNIT),
            log(at, "Deposited", (token, owner), 5 * UNIT, 1),
            log(pool, "InterestAccrued", (), 10**27 + turn, turn, 1),
            log(pool, "Pool Borrowed", (at, owner), 300 * UNIT, scaled + 200 * UNIT),
            moved(asset, pool, owner, 300 * UNIT),
            log(at, "Vault Borrowed", (owner,), 300 * UNIT, 300 * UNIT),
            moved(asset, owner, pool, 200 * UNIT),
            log(pool, "Pool Repaid", (at,), 200 * UNIT, scaled),
            log(at, "Vault Repaid", (owner,), 200 * UNIT, scaled),
            moved(token, at, owner, 2 * UNIT),
            log(at, "Withdrawn", (token, owner), 2 * UNIT),
        ]


def topics_of(market):
    """First topics of the events by their names, with those of pool and vault kept apart."""
    shared = ("Borrowed", "Repaid")
    parts = {"": market.factory, "Pool": market.pool, "Vault": market.implementation}
    named = {}
    for prefix, part in parts.items():
        for it in part.contract_type.events:
            name = f"{prefix} {it.name}" if it.name in shared else it.name
            named[name] = keccak(text=it.selector)
    return named


def vault_at(number):
    return f"0x{0xA << 156 | number:040x}"


def owner_of(number):
    return f"0x{0xB << 156 | number:040x}"


def encoded(*values):
    return b"".join(value.to_bytes(32) for value in values)


def hexed(raw):
    return "0x" + bytes(raw).hex()
