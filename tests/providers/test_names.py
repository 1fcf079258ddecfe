import pytest

from svcproof import providers
from svcproof.errors import UsageError


def test_a_provider_is_a_module_found_by_its_name():
    assert "lab" in providers.names()
    assert callable(providers.find("lab").up)


def test_an_unknown_provider_is_refused_with_near_names():
    with pytest.raises(UsageError, match="no provider 'labs' "):
        providers.find("labs")
