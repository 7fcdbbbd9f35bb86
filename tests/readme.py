"""What README shows, for the tests that run it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


def section(heading):
    """What stands below a heading, up to the next one."""
    text = README.read_text().split(f"# {heading}\n", 1)[1]
    return re.split(r"^##+ ", text, maxsplit=1, flags=re.MULTILINE)[0]


def blocks(heading):
    """The code blocks below a heading: language and text of each."""
    return re.findall(r"```(\w*)\n(.*?)```", section(heading), re.DOTALL)


def block(language, heading):
    """The only code block of a language below a heading."""
    (found,) = [text for name, text in blocks(heading) if name == language]
    return found
