# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Vault Factory
@license AGPL-3.0-only
@author The Ringfence authors
@notice Opens one vault per owner, label and fund class, attests which addresses are vaults, and
        names the officers of its market.
@dev Vaults are minimal proxies of an immutable implementation: no beacon, no upgrade, no
     recycling. Ids run from 1 to `vault_count`, each given once, so the registry is complete.
@custom:kill Nothing to stop: opening a vault moves no money and changes no other vault.
"""

from .interfaces import IVault
from .interfaces import IVaultFactory
from .modules import ownership

implements: IVaultFactory

initializes: ownership

exports: (
    ownership.owner,
    ownership.pending_owner,
    ownership.transfer_ownership,
    ownership.accept_ownership,
)

# -- Configuration ---------------------------------------------------------------------------------

CLIENT: constant(uint256) = 1
HOUSE: constant(uint256) = 2

# Creation code of the minimal proxies that Vyper deploys, around the implementation's address.
PROXY_HEAD: constant(Bytes[19]) = x"602d3d8160093d39f3363d3d373d3d3d363d73"
PROXY_TAIL: constant(Bytes[15]) = x"5af43d82803e903d91602b57fd5bf3"

IMPLEMENTATION: public(immutable(IVault))
PROXY_CODE_HASH: immutable(bytes32)

# -- Storage ---------------------------------------------------------------------------------------

vault_id: public(HashMap[address, uint256])  # 1-based; 0 for addresses that are no vaults
vault_count: public(uint256)
risk_admin: public(address)  # sets parameters, with notice
guardian: public(address)  # raises the pause level
compliance_officer: public(address)  # holds single vaults


@deploy
def __init__(implementation: IVault, owner: address):
    """
    @param implementation Vault code, deployed for the address that this factory has.
    @param owner Opens house vaults and names the officers.
    """
    assert staticcall implementation.FACTORY() == self, "factory: foreign implementation"

    ownership.__init__(owner)
    IMPLEMENTATION = implementation
    PROXY_CODE_HASH = keccak256(
        concat(PROXY_HEAD, convert(implementation.address, bytes20), PROXY_TAIL)
    )


# -- Opening vaults --------------------------------------------------------------------------------


@external
def open_vault(owner: address, label: bytes32) -> address:
    """
    @notice Open a client vault for `owner`; anyone may, and it costs the owner nothing.
    @param owner Owner of the new vault; not the owner of this factory, whose money is the house's.
    @param label What the owner calls the vault; unique among the owner's client vaults.
    @return Address of the vault, the same as `vault_of(owner, label)`.
    """
    assert owner != empty(address), "factory: zero owner"
    assert owner != ownership.owner, "factory: open a house vault"

    return self._open(owner, label, CLIENT)


@external
def open_house_vault(label: bytes32) -> address:
    """
    @notice Open a vault for the platform's own money, owned by the factory's owner.
    @param label What the house calls the vault; unique among the house vaults of this owner.
    @return Address of the vault, the same as `house_vault_of(label)`.
    """
    ownership.check_owner()

    return self._open(msg.sender, label, HOUSE)


# -- Officers --------------------------------------------------------------------------------------


@external
def set_risk_admin(admin: address):
    """
    @notice Name the risk admin of the market: a timelock.
    @param admin New risk admin; the zero address leaves the office empty.
    """
    ownership.check_owner()
    log IVaultFactory.RiskAdminChanged(previous_admin=self.risk_admin, new_admin=admin)
    self.risk_admin = admin


@external
def set_guardian(guardian: address):
    """
    @notice Name the guardian of the market.
    @param guardian New guardian; the zero address leaves the office empty.
    """
    ownership.check_owner()
    log IVaultFactory.GuardianChanged(previous_guardian=self.guardian, new_guardian=guardian)
    self.guardian = guardian


@external
def set_compliance_officer(officer: address):
    """
    @notice Name the compliance officer of the market.
    @param officer New officer; the zero address leaves the office empty.
    """
    ownership.check_owner()
    log IVaultFactory.ComplianceOfficerChanged(
        previous_officer=self.compliance_officer, new_officer=officer
    )
    self.compliance_officer = officer


# -- Views -----------------------------------------------------------------------------------------


@external
@view
def vault_of(owner: address, label: bytes32) -> address:
    """
    @notice Predict the address of a client vault, opened or not.
    @param owner Its first owner.
    @param label Its label.
    @return Address, valid for every chain on which this factory has this address.
    """
    return self._address_of(self._salt(owner, label, CLIENT))


@external
@view
def house_vault_of(label: bytes32) -> address:
    """
    @notice Predict the address of a house vault of the present owner, opened or not.
    @param label Its label.
    @return Address of the vault.
    """
    return self._address_of(self._salt(ownership.owner, label, HOUSE))


# -- Internals -------------------------------------------------------------------------------------


@internal
def _open(owner: address, label: bytes32, fund_class: uint256) -> address:
    salt: bytes32 = self._salt(owner, label, fund_class)
    vault: address = self._address_of(salt)
    assert self.vault_id[vault] == 0, "factory: vault exists"

    id: uint256 = self.vault_count + 1
    self.vault_count = id
    self.vault_id[vault] = id
    log IVaultFactory.VaultOpened(
        vault=vault, owner=owner, label=label, fund_class=fund_class, id=id
    )

    created: address = create_minimal_proxy_to(IMPLEMENTATION.address, salt=salt)
    assert created == vault  # dev: the prediction is the address
    extcall IVault(vault).initialize(owner, fund_class)
    return vault


@internal
@pure
def _salt(owner: address, label: bytes32, fund_class: uint256) -> bytes32:
    return keccak256(abi_encode(owner, label, fund_class))


@internal
@view
def _address_of(salt: bytes32) -> address:
    """
    @dev CREATE2: the last 20 bytes of keccak256(0xff, factory, salt, hash of the creation code).
    """
    digest: bytes32 = keccak256(concat(x"ff", convert(self, bytes20), salt, PROXY_CODE_HASH))
    return convert(convert(digest, uint256) & convert(max_value(uint160), uint256), address)
