"""The table of API kinds: what the lab serves and its parts use, and what the harness asks any cluster for."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class ApiKind:
    """A kind of API objects: `group` is empty for the core group, `plural` is its name in paths."""

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool = True

    @property
    def api_version(self) -> str:
        """The apiVersion of its objects: `v1`, `apps/v1`."""
        return f"{self.group}/{self.version}" if self.group else self.version

    def path(self, namespace: str | None = None, name: str = "", subresource: str = "") -> str:
        """Path of a collection (without `name`), an object, or a subresource of it; no namespace means all."""
        root = f"/apis/{self.group}" if self.group else "/api"
        within = ("namespaces", namespace) if self.namespaced and namespace else ()
        parts = (self.version, *within, self.plural, name, subresource)
        return "/".join((root, *(quote(part, safe="") for part in parts if part)))


BINDINGS = ApiKind("", "v1", "bindings", "Binding")
CONFIG_MAPS = ApiKind("", "v1", "configmaps", "ConfigMap")
ENDPOINTS = ApiKind("", "v1", "endpoints", "Endpoints")
EVENTS = ApiKind("", "v1", "events", "Event")
LIMIT_RANGES = ApiKind("", "v1", "limitranges", "LimitRange")
NAMESPACES = ApiKind("", "v1", "namespaces", "Namespace", namespaced=False)
NODES = ApiKind("", "v1", "nodes", "Node", namespaced=False)
STORAGE_CLAIMS = ApiKind("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim")
VOLUMES = ApiKind("", "v1", "persistentvolumes", "PersistentVolume", namespaced=False)
PODS = ApiKind("", "v1", "pods", "Pod")
POD_TEMPLATES = ApiKind("", "v1", "podtemplates", "PodTemplate")
REPLICATION_CONTROLLERS = ApiKind("", "v1", "replicationcontrollers", "ReplicationController")
RESOURCE_QUOTAS = ApiKind("", "v1", "resourcequotas", "ResourceQuota")
SECRETS = ApiKind("", "v1", "secrets", "Secret")
SERVICE_ACCOUNTS = ApiKind("", "v1", "serviceaccounts", "ServiceAccount")
SERVICES = ApiKind("", "v1", "services", "Service")

CONTROLLER_REVISIONS = ApiKind("apps", "v1", "controllerrevisions", "ControllerRevision")
DAEMON_SETS = ApiKind("apps", "v1", "daemonsets", "DaemonSet")
DEPLOYMENTS = ApiKind("apps", "v1", "deployments", "Deployment")
REPLICA_SETS = ApiKind("apps", "v1", "replicasets", "ReplicaSet")
STATEFUL_SETS = ApiKind("apps", "v1", "statefulsets", "StatefulSet")

SELF_SUBJECT_REVIEWS = ApiKind(
    "authentication.k8s.io", "v1", "selfsubjectreviews", "SelfSubjectReview", namespaced=False
)
TOKEN_REVIEWS = ApiKind("authentication.k8s.io", "v1", "tokenreviews", "TokenReview", namespaced=False)
LOCAL_ACCESS_REVIEWS = ApiKind("authorization.k8s.io", "v1", "localsubjectaccessreviews", "LocalSubjectAccessReview")
SELF_ACCESS_REVIEWS = ApiKind(
    "authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", namespaced=False
)
SELF_RULES_REVIEWS = ApiKind(
    "authorization.k8s.io", "v1", "selfsubjectrulesreviews", "SelfSubjectRulesReview", namespaced=False
)
ACCESS_REVIEWS = ApiKind("authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview", namespaced=False)

AUTOSCALERS = ApiKind("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler")
AUTOSCALERS_V1 = ApiKind("autoscaling", "v1", "horizontalpodautoscalers", "HorizontalPodAutoscaler")
CRON_JOBS = ApiKind("batch", "v1", "cronjobs", "CronJob")
JOBS = ApiKind("batch", "v1", "jobs", "Job")
LEASES = ApiKind("coordination.k8s.io", "v1", "leases", "Lease")
ENDPOINT_SLICES = ApiKind("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice")
EVENTS_OF_GROUP = ApiKind("events.k8s.io", "v1", "events", "Event")
INGRESS_CLASSES = ApiKind("networking.k8s.io", "v1", "ingressclasses", "IngressClass", namespaced=False)
INGRESSES = ApiKind("networking.k8s.io", "v1", "ingresses", "Ingress")
IP_ADDRESSES = ApiKind("networking.k8s.io", "v1", "ipaddresses", "IPAddress", namespaced=False)
NETWORK_POLICIES = ApiKind("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy")
SERVICE_CIDRS = ApiKind("networking.k8s.io", "v1", "servicecidrs", "ServiceCIDR", namespaced=False)
DISRUPTION_BUDGETS = ApiKind("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget")
CLUSTER_ROLE_BINDINGS = ApiKind(
    "rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", namespaced=False
)
CLUSTER_ROLES = ApiKind("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", namespaced=False)
ROLE_BINDINGS = ApiKind("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding")
ROLES = ApiKind("rbac.authorization.k8s.io", "v1", "roles", "Role")
PRIORITY_CLASSES = ApiKind("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", namespaced=False)
STORAGE_CLASSES = ApiKind("storage.k8s.io", "v1", "storageclasses", "StorageClass", namespaced=False)

KINDS: tuple[ApiKind, ...] = tuple(value for value in vars().values() if isinstance(value, ApiKind))
"""All of the above; of several groups or versions that have a kind of one name, the usual one is first."""
