"""The names of runs in a comparison."""

from pathlib import Path

import pytest

from svcproof.report.comparison.names import named


@pytest.mark.parametrize(
    ("folders", "names"),
    [
        (["a@1,lab,ipv4,1", "b@1,lab,ipv4,1"], ["a@1", "b@1"]),
        (["a,lab,ipv4,1", "a,lab,ipv4,2"], ["a,lab,ipv4,1", "a,lab,ipv4,2"]),
        (["a,lab,ipv4,1", "b,kind,ipv4,1"], ["a,lab", "b,kind"]),
        (["a,lab,ipv4,1"], ["a,lab,ipv4,1"]),
        (["a,lab", "b"], ["a,lab", "b"]),
        (["old/a,lab", "new/a,lab"], ["a,lab", "a,lab (2)"]),
        (["x,lab", "lab,lab", "x,lab,lab"], ["x", "lab", "x,lab"]),
    ],
)
def test_an_end_that_all_names_share_is_left_out(folders, names):
    assert list(named([Path("/runs", folder) for folder in folders])) == names
