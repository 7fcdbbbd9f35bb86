"""What README shows, for the tests that run it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


def blocks(language, heading=None):
    """The code blocks of a language, below one heading or in all of it."""
    text = README.read_text()
    if heading is not None:
        text = re.split(r"^#+ ", text.split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.M)[0]
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
