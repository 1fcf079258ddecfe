"""Files of evidence: written, referred to, checked, copied."""

import hashlib
import os
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from svcproof.evidence.bounds import LARGEST_TEXT
from svcproof.evidence.folder import EvidenceFolder, changed_files, copied
from svcproof.model.evidence import Evidence, EvidenceFile


def test_a_file_is_referred_to_by_name_size_and_digest(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path, "it_works")
    folder.write_text("log of the proxy", "node-a.proxy.log", "\x1b[31m]]> <script>\x00\n")

    content = b"\x1b[31m]]> <script>\x00\n"
    name = "it_works.node-a.proxy.log"
    digest = hashlib.sha256(content).hexdigest()
    assert folder.files == [EvidenceFile(title="log of the proxy", name=name, size=len(content), sha256=digest)]
    assert (tmp_path / "evidence" / name).read_bytes() == content


def test_two_who_write_the_same_name_do_not_lose_either(tmp_path: Path) -> None:
    for text in ("first", "second"):
        EvidenceFolder(tmp_path, "it_works").write_text("log", "log", text)

    kept = {path.name: path.read_text() for path in (tmp_path / "evidence").iterdir()}
    assert kept == {"it_works.log": "first", "it_works-2.log": "second"}


def test_names_lead_nowhere_else(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path, "../../it")
    folder.write_text("log", "../x\n/log", "text")

    assert [path.parent for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "evidence"]


@pytest.mark.parametrize("name", ["../run.jsonl", "/etc/passwd", "a/b", "", ".hidden", "a\nb"])
def test_a_reference_to_a_file_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(EvidenceFile).validate_python({"title": "", "name": name, "size": 0, "sha256": "0" * 64})


def test_secrets_are_not_written(tmp_path: Path) -> None:
    EvidenceFolder(tmp_path, "it", ["abcdef"]).write_text("log", "log", "--token=hunter2 abcdef")

    assert (tmp_path / "evidence" / "it.log").read_text() == "--token=[removed] [removed]"


def test_a_long_text_is_cut_in_the_middle(tmp_path: Path) -> None:
    EvidenceFolder(tmp_path, "it").write_text("log", "log", "first\n" + "flood\n" * LARGEST_TEXT + "last\n")

    text = (tmp_path / "evidence" / "it.log").read_text()
    assert text.startswith("first\n")
    assert text.endswith("last\n")
    assert "are left out here" in text
    assert len(text) < LARGEST_TEXT + 100


def test_a_disk_that_is_full_costs_the_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, flags, *rest: real("/dev/full", os.O_WRONLY))
    folder = EvidenceFolder(tmp_path, "it")
    folder.write_text("log of the proxy", "log", "text")

    assert folder.files == []
    [why] = folder.missing
    assert why.startswith("log of the proxy could not be written to ")
    assert why.endswith("No space left on device")


def test_a_directory_that_cannot_be_made_costs_the_files_alone(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("in the way")
    folder = EvidenceFolder(tmp_path, "it")
    folder.write_text("log", "log", "text")

    assert folder.files == []
    assert folder.missing


def kept(results: Path, text: str = "text") -> Evidence:
    folder = EvidenceFolder(results, "it")
    folder.write_text("log", "log", text)
    return Evidence(files=tuple(folder.files))


def test_a_file_that_was_changed_is_named_and_one_that_is_gone_is_not(tmp_path: Path) -> None:
    evidence = kept(tmp_path)
    assert changed_files(tmp_path, [evidence]) == []

    (tmp_path / "evidence" / "it.log").write_text("test")
    [change] = changed_files(tmp_path, [evidence])
    assert change.startswith(str(tmp_path / "evidence" / "it.log"))

    (tmp_path / "evidence" / "it.log").unlink()
    assert changed_files(tmp_path, [evidence]) == []


def test_copies_have_the_names_that_are_free(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    for shard in ("one", "two"):
        (tmp_path / shard).mkdir()
        whole.mkdir(exist_ok=True)
        copy = copied(kept(tmp_path / shard, shard), tmp_path / shard, whole, "it")
        assert copy.missing == ()
        assert (whole / "evidence" / copy.files[0].name).read_text() == shard


def test_a_copy_says_what_was_gone_or_changed(tmp_path: Path) -> None:
    evidence = kept(tmp_path)
    (tmp_path / "evidence" / "it.log").unlink()

    copy = copied(evidence, tmp_path, tmp_path / "whole", "it")

    assert copy.files == ()
    assert copy.missing == (f"log: there is no file {tmp_path / 'evidence' / 'it.log'}",)
