"""Mirror of `modules/notice.vy`: a change happens only after it has stood announced.

A call is a tuple of the function's name and its arguments instead of calldata.
"""

from typing import ClassVar

from ringfence.model.chain import Chain, Names, Part
from ringfence.model.refusal import check

MIN_NOTICE = 259_200  # [s] 3 days
WINDOW = 1_209_600  # [s] 14 days

Call = tuple[object, ...]


class Notice(Part):
    """Announcements of one contract."""

    stored: ClassVar[Names] = ("ready_at",)

    def __init__(self, chain: Chain, address: str, notice: int) -> None:
        super().__init__(chain, address)
        check(notice >= MIN_NOTICE, "notice: below 3 days")
        self.notice = notice  # [s]
        self.ready_at: dict[Call, int] = {}  # call -> [unix s]

    def _announce(self, call: Call) -> None:
        self.ready_at[call] = self.now + self.notice

    def _cancel(self, call: Call) -> None:
        check(call in self.ready_at, "notice: not announced")
        del self.ready_at[call]

    def _spend(self, *call: object) -> None:
        """Use up the announcement of `call`, which is being carried out."""
        check(call in self.ready_at, "notice: not announced")
        ready = self.ready_at[call]
        check(self.now >= ready, "notice: too early")
        check(self.now <= ready + WINDOW, "notice: lapsed")
        del self.ready_at[call]
