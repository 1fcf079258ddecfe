"""Defaults that are the same wherever a type occurs.

https://kubernetes.io/docs/reference/kubernetes-api/ gives them with each field.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

HISTORY = 10
ROLLING = "RollingUpdate"
CPU = 80
CPU_METRIC = {
    "type": "Resource",
    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": CPU}},
}
EVERYTHING = {"type": "Percent", "value": 100, "periodSeconds": 15}
RETAINED = {"whenDeleted": "Retain", "whenScaled": "Retain"}
CONTAINER = {"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"}
FILE_MODE = {"defaultMode": 0o644}

CONSTANTS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "core.PodSpec": {
            "dnsPolicy": "ClusterFirst",
            "restartPolicy": "Always",
            "securityContext": {},
            "terminationGracePeriodSeconds": 30,
            "schedulerName": "default-scheduler",
        },
        "core.Container": CONTAINER,
        "core.EphemeralContainer": CONTAINER,
        "core.ContainerPort": {"protocol": "TCP"},
        "core.Probe": {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3},
        "core.GRPCAction": {"service": ""},
        "core.HTTPGetAction": {"path": "/", "scheme": "HTTP"},
        "core.ObjectFieldSelector": {"apiVersion": "v1"},
        "core.SecretVolumeSource": FILE_MODE,
        "core.ConfigMapVolumeSource": FILE_MODE,
        "core.DownwardAPIVolumeSource": FILE_MODE,
        "core.ProjectedVolumeSource": FILE_MODE,
        "core.ServiceAccountTokenProjection": {"expirationSeconds": 3600},
        "core.HostPathVolumeSource": {"type": ""},
        "core.EndpointPort": {"protocol": "TCP"},
        "core.Secret": {"type": "Opaque"},
        "core.ReplicationControllerSpec": {"replicas": 1},
        "core.PersistentVolumeClaimSpec": {"volumeMode": "Filesystem"},
        "core.PersistentVolumeClaimStatus": {"phase": "Pending"},
        "core.PersistentVolumeSpec": {"volumeMode": "Filesystem", "persistentVolumeReclaimPolicy": "Retain"},
        "core.PersistentVolumeStatus": {"phase": "Pending"},
        "apps.DeploymentSpec": {"replicas": 1, "revisionHistoryLimit": HISTORY, "progressDeadlineSeconds": 600},
        "apps.DeploymentStrategy": {"type": ROLLING},
        "apps.ReplicaSetSpec": {"replicas": 1},
        "apps.StatefulSetSpec": {
            "replicas": 1,
            "revisionHistoryLimit": HISTORY,
            "podManagementPolicy": "OrderedReady",
            "persistentVolumeClaimRetentionPolicy": RETAINED,
        },
        "apps.StatefulSetPersistentVolumeClaimRetentionPolicy": RETAINED,
        "apps.RollingUpdateStatefulSetStrategy": {"partition": 0},
        "apps.DaemonSetSpec": {"revisionHistoryLimit": HISTORY},
        "apps.DaemonSetUpdateStrategy": {"type": ROLLING},
        "autoscaling.HorizontalPodAutoscalerSpec": {"minReplicas": 1},
        "autoscalingv2.HorizontalPodAutoscalerSpec": {"minReplicas": 1, "metrics": [CPU_METRIC]},
        "autoscalingv2.HPAScalingRules": {"selectPolicy": "Max"},
        "batch.PodFailurePolicyOnPodConditionsPattern": {"status": "True"},
        "batch.CronJobSpec": {
            "concurrencyPolicy": "Allow",
            "suspend": False,
            "successfulJobsHistoryLimit": 3,
            "failedJobsHistoryLimit": 1,
        },
        "discovery.EndpointPort": {"name": "", "protocol": "TCP"},
        "networking.IngressClassParametersReference": {"scope": "Cluster"},
        "networking.NetworkPolicyPort": {"protocol": "TCP"},
        "storage.StorageClass": {"reclaimPolicy": "Delete", "volumeBindingMode": "Immediate"},
        "scheduling.PriorityClass": {"preemptionPolicy": "PreemptLowerPriority"},
        "rbac.RoleRef": {"apiGroup": "rbac.authorization.k8s.io"},
    }
)
