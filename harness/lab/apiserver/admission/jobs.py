"""What the server adds to every new Job."""

from harness.model.cluster import Object

PREFIX = "batch.kubernetes.io/"


def admit_job(job: Object) -> None:
    """Give a new Job, in place, a selector that only its own pods match, unless it says that it brings one.

    https://kubernetes.io/docs/concepts/workloads/controllers/job/#specifying-your-own-pod-selector
    """
    spec, metadata = job["spec"], job["metadata"]
    if spec.get("manualSelector"):
        return
    labels = {"controller-uid": metadata["uid"], "job-name": metadata["name"]}
    prefixed = {f"{PREFIX}{key}": value for key, value in labels.items()}
    template = spec["template"]["metadata"]
    template["labels"] = {**(template.get("labels") or {}), **prefixed, **labels}
    spec["selector"] = {"matchLabels": {f"{PREFIX}controller-uid": metadata["uid"]}}
