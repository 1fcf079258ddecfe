"""However `svcproof run` ends, its output is svcproof's: no banner, no option and no traceback of pytest's own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.programs, pytest.mark.timeout(90)]

SVCPROOF = [sys.executable, "-c", "from svcproof.entry.command import main; main()"]
BANNERS = re.compile(
    r"!!!|===|INTERNALERROR|full-trace|no tests ran|rootdir|bringing up nodes|\bUse -v|_pytest|^ERROR:|\bgw\d",
    re.MULTILINE,
)
SUITE = """
import os
from svcproof import *
claim = dict(spec="https://example.org/clause", by=PROXY)

@behaviour(level=MUST, **claim)
def test_one():
    \"\"\"One.\"\"\"
    assert [*range(30)] == [*range(40)]

@behaviour(level=MUST, **claim)
def test_two():
    \"\"\"Two.\"\"\"
    {body}
"""
BROKEN_HOOK = "def pytest_runtest_logfinish(nodeid):\n    raise ValueError('a mistake of a hook')\n"
ENDS = {
    "failure": ("", [], "assert 1", 1, "0 of 2 core behaviours could be shown here."),
    "crash": ("", ["--workers", "2"], "os._exit(9)", 1, "the worker process crashed"),
    "nothing selected": ("", ["-k", "three"], "assert 1", 5, "no behaviour was selected"),
    "broken hook": (
        BROKEN_HOOK,
        [],
        "assert 1",
        1,
        "not complete: svcproof itself broke, or a conftest.py: ValueError: a",
    ),
    "mark": ("", [], "assert 1\n@pytest.mark.nonsuch\ndef test_x(): pass", 4, "Error: --suite mine: its tests cannot"),
}


@pytest.mark.parametrize("end", ENDS)
def test_output_has_nothing_of_pytests_own(tmp_path: Path, end: str) -> None:
    conftest, options, body, code, sentence = ENDS[end]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/test_mine.py").write_text("import pytest\n" + SUITE.replace("{body}", body))
    (tmp_path / "mine/conftest.py").write_text(conftest)

    ended = subprocess.run(
        [*SVCPROOF, "run", "--suite", "mine", *options], cwd=tmp_path, env=os.environ, capture_output=True, text=True
    )

    output = (ended.stdout + ended.stderr).replace(str(tmp_path), "")  # Its name has the worker's that runs this.
    assert ended.returncode == code, output
    assert sentence in output
    assert not BANNERS.findall(output), output
