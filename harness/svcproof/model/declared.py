"""The base of every declared value."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Declared(BaseModel):
    """Base of every declared value: frozen, keys in camelCase as Kubernetes has them, unknown keys refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        populate_by_name=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )
