# pragma version 0.4.3
"""
@title Mock Factory
@license AGPL-3.0-only
@author The Ringfence authors
@notice Attests any account as a vault, so that tests can call a pool as one.
"""

owner: public(address)
risk_admin: public(address)
guardian: public(address)
vault_id: public(HashMap[address, uint256])


@deploy
def __init__(owner: address, risk_admin: address, guardian: address):
    self.owner = owner
    self.risk_admin = risk_admin
    self.guardian = guardian


@external
def set_vault_id(vault: address, id: uint256):
    self.vault_id[vault] = id
