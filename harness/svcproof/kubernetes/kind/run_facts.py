"""The facts that a run has noted of its cluster of kind."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

CLUSTER = r"^(svcproof-[a-z0-9-]+)?$"
"""The names of clusters that svcproof makes; a record that names another is not believed."""


class Facts(BaseModel, strict=True, frozen=True):
    """The facts of one run; the cluster is empty until one has begun to be made."""

    cluster: Annotated[str, Field(pattern=CLUSTER, max_length=63)] = ""
    kept: bool = False
    metallb: Literal["", "begun", "done"] = ""
