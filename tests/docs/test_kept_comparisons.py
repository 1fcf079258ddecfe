"""The comparisons in the documentation are what the tool makes of the runs that are kept beside them."""

import gzip
import re
from pathlib import Path

import html5lib
import pytest
from click.testing import CliRunner

from svcproof import declare
from svcproof.cli.claim import command as claim
from svcproof.cli.compare import command
from svcproof.declare import Selection
from svcproof.declare.catalogue import catalogue
from svcproof.model.matrix import Matrix, matrix
from svcproof.model.run import COMPLETED
from svcproof.report import runfile
from svcproof.report.comparison.names import named
from svcproof.report.comparison.words import differing

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "docs/comparisons").glob("*/README.md"))
MADE = re.compile(r"<!-- made by: svcproof compare runs/\*\.jsonl\.gz --markdown -->\n(.*?)<!-- end -->", re.DOTALL)
VERSION = re.compile(r"(?P<component>kube-proxy)-\w+@(?P<version>[\d.]+)")


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "runs").glob("*.jsonl.gz"))


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture(scope="module")
def compared(folder: Path) -> Matrix:
    return matrix({name: runfile.load(place) for name, place in named(kept(folder)).items()})


def test_there_is_a_comparison() -> None:
    assert [folder.name for folder in FOLDERS] == ["kube-proxy"]


def test_its_tables_are_what_the_command_makes(folder: Path, tmp_path: Path) -> None:
    made = tmp_path / "made.md"

    ended = CliRunner().invoke(command, [*map(str, kept(folder)), "--markdown", str(made)], standalone_mode=False)

    assert ended.exit_code == 0, ended.output
    (written,) = MADE.findall((folder / "README.md").read_text())
    assert written == made.read_text(), f"scripts/comparison {folder.relative_to(ROOT)}"


def test_its_runs_are_complete_and_of_one_suite(compared: Matrix) -> None:
    headers = [column.run.header for column in compared.columns]

    assert {column.run.why for column in compared.columns} == {COMPLETED}
    assert len({header.suite for header in headers}) == 1
    assert {(header.criteria == {}, header.expression, header.profile) for header in headers} == {(True, "", "full")}


def test_each_run_is_of_the_matrix_and_of_the_version_that_it_is_named_for(folder: Path, compared: Matrix) -> None:
    declared = declare.matrix(folder.name, lambda spec, place: Selection(None))
    known = {combination.proxy_name for combination in declared.combinations}

    assert {column.name for column in compared.columns} <= known
    for column in compared.columns:
        if match := VERSION.fullmatch(column.name):
            assert column.run.versions[match["component"]] == match["version"]


def test_each_difference_is_explained(folder: Path, compared: Matrix) -> None:
    prose = MADE.sub("", (folder / "README.md").read_text())
    ids = [compared.rows[number].behaviour.id for number in differing(compared)]

    assert [name for name in ids if f"`{name}`" not in prose] == []


def test_nothing_that_is_explained_has_ceased_to_differ(folder: Path, compared: Matrix) -> None:
    prose = MADE.sub("", (folder / "README.md").read_text())
    ids = {compared.rows[number].behaviour.id for number in differing(compared)}
    titles = re.findall(r"^### `(\w+)`", prose, re.MULTILINE)

    assert [title for title in titles if title not in ids] == []


def test_each_released_proxy_has_a_claim_of_its_run(folder: Path, compared: Matrix) -> None:
    claims = {path.stem: path for path in (folder / "claims").glob("*.yaml")}

    assert set(claims) == {column.name for column in compared.columns if "@" in column.name}
    for name, path in claims.items():
        assert f"digest: {runfile.load(folder / 'runs' / f'{name}.jsonl.gz').digest}" in path.read_text()


def test_each_claim_holds(folder: Path) -> None:
    known = {behaviour.id for behaviour in catalogue(declare.suites_dir())}
    for path in (folder / "claims").glob("*.yaml"):
        run = folder / "runs" / f"{path.stem}.jsonl.gz"
        if f"behaviours: {len(known)}\n" not in path.read_text():
            pytest.skip("the suite has other behaviours than when the runs were made: run the matrix again")

        ended = CliRunner().invoke(claim, ["--check", str(path), str(run)], standalone_mode=False)

        assert ended.return_value == 0, ended.output


def test_a_run_file_is_kept_whole_and_tells_nothing_of_the_machine(folder: Path) -> None:
    for place in kept(folder):
        assert gzip.decompress(place.read_bytes()).endswith(b'"}\n')
        header = runfile.load(place).header
        assert (header.argv, header.directory) == ((), "")


def test_its_page_has_a_cell_for_each_behaviour_and_run_with_what_was_observed(folder: Path, compared: Matrix) -> None:
    page = html5lib.parse((folder / "comparison.html").read_text(), namespaceHTMLElements=False)
    cells = [cell for cell in page.iter("td") if cell.get("data-observed") is not None]
    rows = {row.get("data-behaviour"): row for row in page.iter("tr") if row.get("data-behaviour")}

    assert set(rows) == {row.behaviour.id for row in compared.rows}
    assert len(cells) == len(compared.rows) * len(compared.columns)
    for row in compared.rows:
        observed = [cell.get("data-observed") for cell in rows[row.behaviour.id].iter("td") if cell.get("data-run")]
        assert observed == [str(cell.observed) for cell in row.cells], f"scripts/comparison {folder.relative_to(ROOT)}"
