"""The last intent of each manager for each object."""

from dataclasses import dataclass, field

from svcproof.json_objects import Object
from svcproof.lab.apiserver.patch.apply import applied, withdrawn


@dataclass(slots=True)
class Intents:
    """Kept for as long as the server runs, by the object's uid and the manager's name."""

    _held: dict[str, dict[str, Object]] = field(default_factory=dict)

    def apply(self, type_name: str, item: Object, manager: str, intent: Object) -> Object:
        """Return `item` as it is once `manager` applies `intent`; the intent is not recorded yet."""
        held = self._held.get(item["metadata"].get("uid", ""), {})
        others = [other for name, other in held.items() if name != manager]
        item = withdrawn(type_name, item, held.get(manager, {}), [intent, *others])
        return applied(type_name, item, intent)

    def remember(self, uid: str, manager: str, intent: Object) -> None:
        """Record an intent that has been applied."""
        self._held.setdefault(uid, {})[manager] = intent
