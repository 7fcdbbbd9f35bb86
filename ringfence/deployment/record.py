"""Whether a deployment may be noted where it wants to: no record of money is overwritten."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ringfence.exceptions import DeploymentError, ManifestError
from ringfence.manifest import Manifest, manifest_path, manifests_on
from ringfence.standing import code_hash, genesis_of, stands_at_home, stands_on

if TYPE_CHECKING:
    from ape.api import ProviderAPI

    from ringfence.carried import Origin
    from ringfence.config import MarketConfig

FORGET = "look at it, then choose another folder with --manifests, or add --replace to forget it"


@dataclass(frozen=True)
class Record:
    """The place in a folder where a deployment is noted, as seen from a chain."""

    provider: ProviderAPI
    folder: Path
    config: MarketConfig
    deployer: str
    origin: Origin  # of the contracts

    @property
    def path(self) -> Path:
        """File of the manifest."""
        return manifest_path(self.folder, self.provider.chain_id, self.config.name)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other runs from noting deployments on this chain meanwhile.

        :raises DeploymentError: if one does so already.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path.parent, os.O_RDONLY)
        try:
            self._lock(handle)
            yield
        finally:
            os.close(handle)

    def _lock(self, handle: int) -> None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DeploymentError(
                f"another run is deploying into {self.path.parent}; wait until it is done"
            ) from None

    def keep(self) -> Path | None:
        """Put aside what is noted, before another deployment takes its name; return where it is."""
        if not self.path.exists():
            return None
        number = sum(1 for _ in self.path.parent.glob(f"{self.path.name}.old*"))
        kept = self.path.with_name(f"{self.path.name}.old{number}")
        self.path.rename(kept)
        return kept

    def draft(self) -> Manifest | None:
        """Return what was begun and is to go on; None to begin.

        :raises DeploymentError: if beginning would overwrite what may be the only record of a
            market, or take over the contracts of another.
        """
        self._check_others()
        if not self.path.exists():
            return None
        known = self._read()
        if known.genesis != genesis_of(self.provider):
            self._check_gone(known, "is the record of another chain with the same id")
            return None
        if known.is_complete and stands_on(self.provider.web3, known):
            raise DeploymentError(
                f"market {known.market} stands already on chain {known.chain_id}, says {self.path};"
                " choose another market.name, or add --replace to forget it"
            )
        if known.is_complete or (self._is_local and not self._has_begun(known)):
            self._check_gone(known, "is of a market that does not stand on this chain")
            return None
        self._check_same(known)
        return known

    def _read(self) -> Manifest:
        try:
            return Manifest.read(self.path)
        except ManifestError as error:
            raise DeploymentError(f"{error}; it may tell where money is: {FORGET}") from None

    def _check_gone(self, known: Manifest, what: str) -> None:
        """Local chains end, and their records mean nothing then; of others every one is kept."""
        if not self._is_local or stands_at_home(known):
            raise DeploymentError(f"{self.path} {what}; {FORGET}")

    def _has_begun(self, draft: Manifest) -> bool:
        """Whether anything of it came to stand on this chain."""
        for part in draft.contracts:
            if part.block > 0:
                return code_hash(self.provider.web3, part.address) == part.code_hash
        sent = self.provider.get_nonce(self.deployer)
        return sent == draft.first_nonce or bool(self.provider.get_code(draft.first_address))

    def _check_same(self, draft: Manifest) -> None:
        begun = {
            "configuration": (draft.config_hash, self.config.digest),
            "deployer": (draft.deployer, self.deployer),
            "compiler": (draft.compiler, self.origin.compiler),
            "commit": (draft.commit, self.origin.commit),
            "hash of the sources": (draft.sources, self.origin.sources),
        }
        for what, (then, now) in begun.items():
            if then != now:
                raise DeploymentError(
                    f"{self.path} is of an unfinished deployment with {what} {then}, and this one"
                    f" has {now}; finish that one, or forget it with --replace"
                )

    def _check_others(self) -> None:
        """An account deploys one market at a time: the next would take the contracts of this."""
        for path in manifests_on(self.folder, self.provider.chain_id):
            if path == self.path:
                continue
            try:
                other = Manifest.read(path)
            except ManifestError:
                continue
            is_here = other.genesis == genesis_of(self.provider)
            if is_here and not other.is_complete and other.deployer == self.deployer:
                if self._is_local and not self._has_begun(other):
                    continue
                raise DeploymentError(
                    f"{path} is of an unfinished deployment of {other.market} by the same account;"
                    " finish that one first, or move its record away"
                )

    @property
    def _is_local(self) -> bool:
        return bool(self.provider.network.is_local)
