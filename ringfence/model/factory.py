"""Mirror of `VaultFactory.vy`; the address of a vault is told, as there is no CREATE2 here."""

from typing import ClassVar

from ringfence.model.chain import ZERO, Chain, Names, transaction
from ringfence.model.engine import MarginEngineModel
from ringfence.model.identity import CLIENT, HOUSE
from ringfence.model.ownership import Ownership
from ringfence.model.refusal import check
from ringfence.model.vault import VaultModel

Label = bytes | str


class VaultFactoryModel(Ownership):
    """Opens vaults, attests which addresses are vaults, and names the officers."""

    stored: ClassVar[Names] = (
        "vaults",
        "_vault_of",
        "risk_admin",
        "guardian",
        "compliance_officer",
    )

    engine: MarginEngineModel  # set by the market, as the engine is deployed after the factory

    def __init__(self, chain: Chain, address: str, owner: str) -> None:
        super().__init__(chain, address, owner)
        self.vaults: dict[str, VaultModel] = {}  # by address, in the order of their ids
        self._vault_of: dict[tuple[str, Label, int], str] = {}
        self.risk_admin = ZERO
        self.guardian = ZERO
        self.compliance_officer = ZERO

    @transaction
    def open_vault(self, owner: str, label: Label, *, vault: str, sender: str) -> VaultModel:
        """Open a client vault at the address `vault`."""
        check(owner != ZERO, "factory: zero owner")
        check(owner != self.owner, "factory: open a house vault")
        return self._open(owner, label, CLIENT, vault)

    @transaction
    def open_house_vault(self, label: Label, *, vault: str, sender: str) -> VaultModel:
        """Open a vault for the platform's own money at the address `vault`."""
        self._check_owner(sender)
        return self._open(sender, label, HOUSE, vault)

    @transaction
    def set_risk_admin(self, admin: str, *, sender: str) -> None:
        """Name the risk admin."""
        self._check_owner(sender)
        self.risk_admin = admin

    @transaction
    def set_guardian(self, guardian: str, *, sender: str) -> None:
        """Name the guardian."""
        self._check_owner(sender)
        self.guardian = guardian

    @transaction
    def set_compliance_officer(self, officer: str, *, sender: str) -> None:
        """Name the compliance officer."""
        self._check_owner(sender)
        self.compliance_officer = officer

    def vault_id(self, vault: str) -> int:
        """1-based number of a vault; 0 for a stranger."""
        return list(self.vaults).index(vault) + 1 if vault in self.vaults else 0

    def vault_count(self) -> int:
        """Number of vaults."""
        return len(self.vaults)

    def _open(self, owner: str, label: Label, fund_class: int, vault: str) -> VaultModel:
        key = owner, label, fund_class
        check(key not in self._vault_of, "factory: vault exists")
        self._vault_of[key] = vault
        self.vaults[vault] = VaultModel(self.chain, vault, self, self.engine, owner, fund_class)
        return self.vaults[vault]
