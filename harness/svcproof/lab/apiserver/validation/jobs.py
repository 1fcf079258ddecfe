"""Jobs and CronJobs.

https://kubernetes.io/docs/concepts/workloads/controllers/job/ and
https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
"""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, invalid, not_supported, required
from svcproof.lab.apiserver.validation.label_selector import matches, validate_selector
from svcproof.lab.apiserver.validation.pod import validate_template
from svcproof.lab.apiserver.validation.schedule import schedule

MODES = ("NonIndexed", "Indexed")
CONCURRENCY = ("Allow", "Forbid", "Replace")
RESTARTS = ("OnFailure", "Never")
ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
REPLACEMENTS = ("Failed", "TerminatingOrFailed")
COUNTS = (
    *("parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"),
    *("backoffLimitPerIndex", "maxFailedIndexes"),
)
FIXED = ("completions", "selector", "template", "completionMode", "podFailurePolicy", "backoffLimitPerIndex")
LONGEST_CRON_NAME = 52
OWN_LABELS = ("controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name")


def validate_job(job: Object) -> list[Cause]:
    """Return what is wrong with a Job."""
    spec, metadata = job["spec"], job["metadata"]
    selector, labels = spec.get("selector"), spec["template"]["metadata"].get("labels") or {}
    causes: list[Cause] = []
    if not spec.get("manualSelector"):
        own = {key: metadata.get("uid" if key.endswith("uid") else "name", "") for key in OWN_LABELS}
        for key, value in own.items():
            if labels.get(key) != value:
                shown = dict(sorted(labels.items()))
                causes.append(invalid(f"spec.template.metadata.labels[{key}]", shown, f"must be '{value}'"))
        if selector is not None and not matches(selector, own):
            causes.append(invalid("spec.selector", selector, "`selector` not auto-generated"))
    causes += _job_spec(spec, "spec")
    causes += [required("spec.selector")] if selector is None else validate_selector(selector, "spec.selector")
    if selector is None or not matches(selector, labels):
        causes.append(invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"))
    return causes


def validate_job_update(job: Object, old: Object) -> list[Cause]:
    """Return what is wrong with a change: what the pods are made of stays."""
    spec, old_spec = job["spec"], old["spec"]
    free = {"completions"} if spec.get("completionMode") == "Indexed" else set[str]()
    if old_spec.get("suspend"):
        free.add("template")
    fixed = [key for key in FIXED if key not in free and spec.get(key) != old_spec.get(key)]
    return [*validate_job(job), *(invalid(f"spec.{key}", spec.get(key), "field is immutable") for key in fixed)]


def validate_cron_job(item: Object) -> list[Cause]:
    """Return what is wrong with a new CronJob."""
    name, causes = item["metadata"].get("name", ""), validate_cron_job_update(item, {})
    if len(name) > LONGEST_CRON_NAME:
        causes.append(invalid("metadata.name", name, f"must be no more than {LONGEST_CRON_NAME} characters"))
    return causes


def validate_cron_job_update(item: Object, old: Object) -> list[Cause]:
    """Return what is wrong with a changed CronJob."""
    spec, job = item["spec"], item["spec"]["jobTemplate"]["spec"]
    text = spec["schedule"]
    causes = names.check_required(schedule, text, "spec.schedule")
    if "TZ" in text:
        why = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
        causes.append(invalid("spec.schedule", text, why))
    causes += names.counts(spec, ("startingDeadlineSeconds",), "spec")
    causes += names.check_optional(_time_zone, spec, ("timeZone",), "spec")
    causes += names.check_choice(CONCURRENCY, spec["concurrencyPolicy"], "spec.concurrencyPolicy")
    field = "spec.jobTemplate.spec"
    causes += _job_spec(job, field)
    if job.get("selector"):
        causes.append(invalid(f"{field}.selector", job["selector"], "`selector` will be auto-generated"))
    if job.get("manualSelector"):
        causes.append(not_supported(f"{field}.manualSelector", value=True, supported=("nil", "false")))
    return [*causes, *names.counts(spec, ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"), "spec")]


def _job_spec(spec: Object, field: str) -> list[Cause]:
    causes = names.counts(spec, COUNTS, field)
    causes += _completion_mode(spec, field)
    causes += _failure_policy(spec, f"{field}.podFailurePolicy")
    supported = ("Failed",) if spec.get("podFailurePolicy") else REPLACEMENTS
    causes += names.check_choice(supported, spec.get("podReplacementPolicy"), f"{field}.podReplacementPolicy")
    causes += validate_template(spec["template"], f"{field}.template")
    policy, policy_field = spec["template"]["spec"].get("restartPolicy", ""), f"{field}.template.spec.restartPolicy"
    if policy in {"", "Always"}:
        causes.append(required(policy_field, 'valid values: "OnFailure", "Never"'))
    elif policy not in RESTARTS:
        causes.append(not_supported(policy_field, policy, RESTARTS))
    elif spec.get("podFailurePolicy") and policy != "Never":
        causes.append(invalid(policy_field, policy, 'only "Never" is supported when podFailurePolicy is specified'))
    return causes


def _completion_mode(spec: Object, field: str) -> list[Cause]:
    causes: list[Cause] = []
    mode = spec.get("completionMode")
    if "maxFailedIndexes" in spec and "backoffLimitPerIndex" not in spec:
        causes.append(required(f"{field}.backoffLimitPerIndex", "when maxFailedIndexes is specified"))
    causes += names.check_choice(MODES, mode, f"{field}.completionMode")
    if mode == "Indexed" and "completions" not in spec:
        causes.append(required(f"{field}.completions", "when completion mode is Indexed"))
    if mode in {None, "NonIndexed"}:
        causes += [
            invalid(f"{field}.{key}", spec[key], "requires indexed completion mode")
            for key in ("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy")
            if key in spec
        ]
    return causes


def _failure_policy(spec: Object, field: str) -> list[Cause]:
    causes: list[Cause] = []
    for index, rule in enumerate((spec.get("podFailurePolicy") or {}).get("rules") or []):
        rule_field, action = f"{field}.rules[{index}]", rule["action"]
        if not action:
            causes.append(required(f"{rule_field}.action", 'valid values: ["Count" "FailIndex" "FailJob" "Ignore"]'))
        elif action not in ACTIONS:
            causes.append(not_supported(f"{rule_field}.action", action, ACTIONS))
        elif action == "FailIndex" and "backoffLimitPerIndex" not in spec:
            causes.append(invalid(f"{rule_field}.action", action, "requires the backoffLimitPerIndex to be set"))
        conditions = [key for key in ("onExitCodes", "onPodConditions") if rule.get(key)]
        if len(conditions) != 1:
            why = "is required" if not conditions else "is not supported"
            start = "specifying one of" if not conditions else "specifying both"
            text = f"Invalid value: {start} OnExitCodes and OnPodConditions {why}"
            causes.append(Cause("FieldValueInvalid", rule_field, text))
    return causes


def _time_zone(name: str) -> list[str]:
    if not name:
        return ["timeZone must be nil or non-empty string"]
    if name.lower() == "local":
        return ["timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"]
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return [f"unknown time zone {name}"]
    return []
