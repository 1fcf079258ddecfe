"""The selector and the labels that the server adds to new Jobs."""

from svcproof.json_objects import Object

PREFIX = "batch.kubernetes.io/"


def admit_job(job: Object) -> None:
    """Give a new Job, in place, a selector that only its own pods match, unless it brings one of its own.

    https://kubernetes.io/docs/concepts/workloads/controllers/job/#specifying-your-own-pod-selector
    """
    spec, metadata = job["spec"], job["metadata"]
    template = spec["template"]["metadata"]
    if not spec["manualSelector"]:
        labels = {"controller-uid": metadata["uid"], "job-name": metadata.get("name", "")}
        prefixed = {f"{PREFIX}{key}": value for key, value in labels.items()}
        template["labels"] = {**prefixed, **labels, **(template.get("labels") or {})}
        selector = spec.get("selector") or {}
        match_labels = {f"{PREFIX}controller-uid": metadata["uid"], **(selector.get("matchLabels") or {})}
        spec["selector"] = {**selector, "matchLabels": dict(sorted(match_labels.items()))}
    if template.get("labels") and not metadata.get("labels"):
        metadata["labels"] = dict(template["labels"])
