"""The form of an answer, as the client asks for it.

https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from svcproof.lab.apiserver.errors import ApiError

JSON_TYPES = frozenset({"application/json", "*/*", "application/*", "application/vnd.kubernetes.protobuf"})
DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


class Form(StrEnum):
    """The kind of document in the answer."""

    OBJECT = "Object"
    TABLE = "Table"
    PARTIAL = "PartialObjectMetadata"
    PARTIAL_LIST = "PartialObjectMetadataList"


@dataclass(frozen=True, slots=True)
class Answer:
    """The form of an answer; `yaml` is True for YAML, False for JSON."""

    form: Form = Form.OBJECT
    yaml: bool = False
    version: str = "v1"


def negotiate(header: str) -> Answer:
    """Return the first known form in an Accept header; raises ApiError 406 if there is none."""
    if not header.strip():
        return Answer()
    for media, parameters in clauses(header):
        form = parameters.get("as", "")
        version = parameters.get("v", "v1")
        if form:
            if media == "application/json" and form in set(Form) and parameters.get("g") == "meta.k8s.io":
                return Answer(Form(form), version=version)
        elif media in JSON_TYPES:
            return Answer()
        elif media == "application/yaml":
            return Answer(yaml=True)
    available = "application/json, application/yaml, application/vnd.kubernetes.protobuf"
    raise ApiError(406, "NotAcceptable", f"406: Not Acceptable\n\nAvailable representations: {available}", {})


def wants_aggregated_discovery(header: str) -> bool:
    """Return True if /api and /apis are to answer with everything at once."""
    for media, parameters in clauses(header):
        if media == "application/json":
            return (parameters.get("as"), parameters.get("v")) == ("APIGroupDiscoveryList", "v2")
    return False


def clauses(header: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the media types with their parameters, those with the highest q first."""
    ranked = []
    for clause in header.split(","):
        media, *rest = (part.strip() for part in clause.split(";"))
        parameters = {key.strip(): value.strip() for key, _, value in (part.partition("=") for part in rest)}
        quality = parameters.pop("q", "1")
        ranked.append((-float(quality) if quality.replace(".", "", 1).isdecimal() else -1.0, media, parameters))
    for _, media, parameters in sorted(ranked, key=lambda entry: entry[0]):
        yield media, parameters
