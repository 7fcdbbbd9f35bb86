"""The examples that README gives, run as they stand there."""

from tests.readme import ROOT, blocks


def test_the_python_example_runs(chain):
    (example,) = blocks("python", "From Python")

    said = {}
    exec(example, said)  # it asserts what it got

    assert said["market"].name == "demo"


def test_the_workflow_is_that_of_the_example_project():
    (shown,) = blocks("yaml")

    workflow = ROOT / "tests" / "example_project" / ".github" / "workflows" / "test.yml"
    assert shown == workflow.read_text()
