# pragma version 0.4.3
"""
@title Mock Stage
@license AGPL-3.0-only
@author The Ringfence authors
@notice Plays oracle, pool, factory and vault of one margin engine, so that the engine judges
        hundreds of made-up vaults in one call.
"""

from ..interfaces import ICreditPool
from ..interfaces import IMarginEngine


interface Token:
    def rebase(holder: address, balance: uint256): nonpayable
    def set_quirks(quirks: uint256): nonpayable


TOKENS: constant(uint256) = 4
MAX_SCENES: constant(uint256) = 200
WORDS: constant(uint256) = 6
HIDES_BALANCES: constant(uint256) = 8


struct Scene:
    balances: uint256[TOKENS]  # [token]
    prices: uint256[TOKENS]  # [WAD]
    highest_prices: uint256[TOKENS]  # [WAD]
    live: uint256  # one bit for each token
    hidden: uint256  # one bit for each token that does not tell its balances
    mask: uint256
    debt: uint256  # [asset]
    token: uint256  # number of the token to seize; none if there is no such token
    max_repay: uint256  # [asset]
    burnable: uint256  # [asset]


struct Answer:
    success: bool
    words: uint256[WORDS]  # returned; without success, the reason


tokens: public(address[TOKENS])  # the credit asset first
engine: public(address)
risk_admin: public(address)
min_debt: public(uint256)
QUOTE: public(constant(address)) = empty(address)  # the credit asset has a price, too
_mask: uint256
_debt: uint256
_numbers: HashMap[address, uint256]
_prices: uint256[TOKENS]
_highest_prices: uint256[TOKENS]
_live: uint256


@deploy
def __init__(tokens: address[TOKENS], min_debt: uint256):
    self.tokens = tokens
    self.min_debt = min_debt
    self.risk_admin = msg.sender
    self._live = max_value(uint256)
    for number: uint256 in range(TOKENS):
        self._numbers[tokens[number]] = number
        self._prices[number] = 10**18


@external
def set_engine(engine: address):
    self.engine = engine


# -- Scenes ----------------------------------------------------------------------------------------


@external
def judged(scenes: DynArray[Scene, MAX_SCENES]) -> DynArray[Answer, MAX_SCENES]:
    """
    @notice Ask the engine for the verdict on each scene.
    """
    answers: DynArray[Answer, MAX_SCENES] = []
    for scene: Scene in scenes:
        self._set(scene)
        answers.append(
            self._ask(
                abi_encode(
                    self,
                    scene.mask,
                    scene.debt,
                    self._token(scene),
                    scene.max_repay,
                    scene.burnable,
                    method_id=method_id("judge(address,uint256,uint256,address,uint256,uint256)"),
                )
            )
        )
    return answers


@external
def quoted(scenes: DynArray[Scene, MAX_SCENES]) -> DynArray[Answer, MAX_SCENES]:
    """
    @notice Ask the engine for the quote of a liquidation in each scene.
    """
    answers: DynArray[Answer, MAX_SCENES] = []
    for scene: Scene in scenes:
        self._set(scene)
        answers.append(
            self._ask(
                abi_encode(
                    self,
                    self._token(scene),
                    scene.max_repay,
                    method_id=method_id("quote_liquidation(address,address,uint256)"),
                )
            )
        )
    return answers


# -- Parts -----------------------------------------------------------------------------------------


@external
@view
def FACTORY() -> address:
    return self


@external
@view
def asset() -> address:
    return self.tokens[0]


@external
@view
def vault_id(vault: address) -> uint256:
    return 1


@external
@view
def margin_state() -> (uint256, uint256):
    return self._mask, self._debt // 2 + 1


@external
@view
def debt_of(scaled_debt: uint256) -> uint256:
    return self._debt


@external
@view
def price_of(token: address) -> (uint256, bool):
    number: uint256 = self._numbers[token]
    return self._prices[number], self._live & (1 << number) != 0


@external
@view
def highest_price_of(token: address) -> uint256:
    return self._highest_prices[self._numbers[token]]


@external
@pure
def quote_settlement(
    assets: uint256, insurance: uint256, scaled_debt: uint256, bad_debt: uint256
) -> ICreditPool.Loss:
    """
    @notice Return all arguments, so that none of them can be wrong.
    """
    return ICreditPool.Loss(
        by_shares=assets, by_cash=insurance << 128, lost=bad_debt | (scaled_debt << 128)
    )


# -- Internals -------------------------------------------------------------------------------------


@internal
def _set(scene: Scene):
    for number: uint256 in range(TOKENS):
        quirks: uint256 = HIDES_BALANCES if scene.hidden & (1 << number) != 0 else 0
        extcall Token(self.tokens[number]).rebase(self, scene.balances[number])
        extcall Token(self.tokens[number]).set_quirks(quirks)
    self._prices = scene.prices
    self._highest_prices = scene.highest_prices
    self._live = scene.live
    self._mask = scene.mask
    self._debt = scene.debt


@internal
@view
def _token(scene: Scene) -> address:
    return self.tokens[scene.token] if scene.token < TOKENS else empty(address)


@internal
@view
def _ask(call: Bytes[196]) -> Answer:
    success: bool = False
    response: Bytes[192] = b""
    success, response = raw_call(
        self.engine, call, max_outsize=192, is_static_call=True, revert_on_failure=False
    )
    answer: Answer = Answer(success=success, words=empty(uint256[WORDS]))
    if not success:
        if len(response) >= 100:
            answer.words[0] = convert(slice(response, 68, 32), uint256)
        return answer
    for position: uint256 in range(WORDS):
        if len(response) > 32 * position:
            answer.words[position] = convert(slice(response, 32 * position, 32), uint256)
    return answer
