import pytest

from svcproof.model.release import Release


@pytest.mark.parametrize(
    ("version", "release"),
    [
        ("v1.36.3", "1.36"),
        ("1.36.3", "1.36"),
        ("v1.31.2-gke.100", "1.31"),
        ("v1.31.0-gke.100", "1.31"),
        ("v1.30.4-eks-a737599", "1.30"),
        ("v1.29.6+aba1e8d", "1.29"),
        ("v1.31.2+k3s1", "1.31"),
        ("v1.31.0-rancher1", "1.31"),
        ("v1.38.0-rc.1", "1.37"),
        ("v1.38.0-rc1+rke2r1", "1.37"),
        ("v1.38.0-alpha.2.345+0123456789abcd", "1.37"),
        ("v1.37.1-rc.0.12+0123456789abcd", "1.37"),
        ("v1.9.11", "1.9"),
    ],
)
def test_the_release_of_a_version_is_the_last_one_that_is_complete_in_it(version: str, release: str) -> None:
    assert str(Release.of(version)) == release


@pytest.mark.parametrize("version", ["", "v0.0.0-master+$Format:%H$", "unknown", "v2.1.0", "v1.x.3", "v1.36"])
def test_a_version_that_tells_of_no_release_is_of_none(version: str) -> None:
    assert Release.of(version) is None


def test_releases_are_in_the_order_of_their_numbers() -> None:
    assert Release.read("1.9") < Release.read("1.10")


@pytest.mark.parametrize("text", ["1.26.0", "v1.26", "2.1", "1.", "1.026", "1.-1", "", " 1.26", "1.2600"])
def test_what_is_no_release_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"must look like 1\.26, a release without its patch"):
        Release.read(text)
