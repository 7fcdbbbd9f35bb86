"""The example that README gives, run as it stands there."""

import re
from pathlib import Path

README = Path(__file__).parent.parent.parent / "README.md"


def test_the_python_example_runs(chain):
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)

    said = {}
    exec(example, said)  # its last line asserts what it got

    assert said["vault"].owner == said["owner"].address
