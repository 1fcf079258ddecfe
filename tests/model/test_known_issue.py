"""Known issues: of which proxies and versions they are."""

import pytest
from pydantic import ValidationError

from svcproof.model.known_issue import KnownIssue
from svcproof.model.version_range import VersionRange

URL = "https://example.org/1"


@pytest.mark.parametrize(
    ("text", "within", "beyond"),
    [
        (">=1.15 <1.18", ["1.15", "v1.15.0", "1.17.99", "1.18.0-rc.1"], ["1.14.9", "1.18", "1.18.0", "2.0", "main"]),
        ("=1.36.3", ["1.36.3", "v1.36.3", "1.36.3+k3s1", "1.36.3-eks.1"], ["1.36.30", "1.36", "1.36.3-rc.1"]),
        (">1.9", ["1.10", "1.9.1"], ["1.9", "1.9.0", "1.2"]),
        ("<=2", ["2", "2.0.0", "1"], ["2.0.1"]),
        ("", ["1", "main", ""], []),
    ],
)
def test_a_range_of_versions(text, within, beyond):
    versions = VersionRange.read(text)
    assert [version for version in within if version not in versions] == []
    assert [version for version in beyond if version in versions] == []


@pytest.mark.parametrize("text", ["1.15", "~1.15", ">=", ">=1.15,<1.18", ">=x", "=" + "9" * 100, ">=1.15 <main"])
def test_another_text_is_no_range(text):
    with pytest.raises(ValidationError, match=r"is no range such as >=1\.15 <1\.18"):
        KnownIssue(behaviour="b", target="proxy", url=URL, versions=text)


def test_an_issue_is_about_its_proxy_and_versions_alone():
    issue = KnownIssue(behaviour="b", target="proxy", url=URL, proxy="mine", versions=">=1.15")

    assert issue.is_about("mine", {"1.2", "1.16"})
    assert not issue.is_about("mine", {"1.14"})
    assert not issue.is_about("mine", set())
    assert not issue.is_about("yours", {"1.16"})
    assert KnownIssue(behaviour="b", target="kubernetes", url=URL).is_about("anybodys", set())


def test_only_an_open_issue_of_the_suite_withdraws_a_row():
    assert KnownIssue(behaviour="b", target="suite", url=URL).withdraws
    assert not KnownIssue(behaviour="b", target="suite", url=URL, state="closed").withdraws
    assert not KnownIssue(behaviour="b", target="kubernetes", url=URL).withdraws
