"""How the tests type commands: in this process, on the chain that the tests run on."""

import importlib
import re
from contextlib import nullcontext
from dataclasses import dataclass
from unittest.mock import patch

from ape import project
from click.testing import CliRunner


@dataclass(frozen=True)
class Outcome:
    """What a command printed, and its exit code: 0 done, 1 failed, 2 not understood."""

    code: int
    text: str

    @property
    def error(self):
        """The one line that says what went wrong."""
        (line,) = [line for line in self.text.splitlines() if line.startswith("Error: ")]
        return line.removeprefix("Error: ")


@dataclass(frozen=True)
class Shell:
    """Types commands that find their market in a folder of manifests, if they need one."""

    folder: object
    is_program: bool = False  # reads only what is told to programs

    def __call__(self, line, account=None, answer="y\n"):
        """Run "vault deposit alpha 10 WETH" as `ape run` would; a list has words with spaces.

        An account is the number of a test account, or an alias.

        A command would start a node of its own; here it stays on the one of the tests.
        """
        name, *words = line.split() if isinstance(line, str) else line
        options = ["--manifests", str(self.folder)] if self.folder is not None else []
        if account is not None:
            options += ["--account", f"TEST::{account}" if isinstance(account, int) else account]
        command = importlib.import_module(f"scripts.{name}").cli
        with patch("ape.cli.commands.parse_network", lambda ctx: nullcontext(project.provider)):
            found = CliRunner(mix_stderr=not self.is_program).invoke(
                command, [*words, *options], input=answer
            )
        if found.exception is not None and not isinstance(found.exception, SystemExit):
            raise found.exception
        return Outcome(found.exit_code, without_warning(found.stdout))


def without_warning(text):
    """Leave out the line that says that the chain will not last."""
    return re.sub(r"^ethereum:local:\w+ lives only as long.*\n", "", text, flags=re.M)
