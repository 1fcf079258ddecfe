"""hostPath volumes: files of the machine, which can be read, and files that the lab keeps for a node.

What a pod asks for and the machine does not have is made among the files the lab keeps; they can be written, are shared
by the pods of the node, and go with the lab.
https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from svcproof.json_objects import Object
from svcproof.lab.kubelet.values import MissingValueError

TYPES: Mapping[str, tuple[Callable[[Path], bool], str]] = MappingProxyType(
    {
        "Directory": (Path.is_dir, "directory"),
        "DirectoryOrCreate": (Path.is_dir, "directory"),
        "File": (Path.is_file, "file"),
        "FileOrCreate": (Path.is_file, "file"),
        "Socket": (Path.is_socket, "socket file"),
        "CharDevice": (Path.is_char_device, "character device"),
        "BlockDevice": (Path.is_block_device, "block device"),
    }
)
"""The test that a path of a type must pass, and the kubelet's word for such a path."""
MADE_ON_DEMAND = frozenset({"", "DirectoryOrCreate", "FileOrCreate"})
"""Without a type it is the container runtime that makes a directory."""


@dataclass(frozen=True, slots=True)
class HostFiles:
    """The files of a node: those of the machine without `hidden`, and those `kept` by the lab, which go first.

    `volumes` are directories that all nodes of the lab share.
    """

    kept: Path
    hidden: Path
    volumes: Path

    def find(self, source: Object) -> Path:
        """Return where a hostPath volume is, having made it where its type says so.

        Raises MissingValueError, in the kubelet's words, where there is nothing, or something of another type.
        """
        path, kind = Path(source["path"]), source.get("type") or ""
        if ".." in path.parts or not path.is_absolute():
            raise MissingValueError(f"invalid HostPath `{path}`: it must be absolute and without '..'")
        if kind and kind not in TYPES:
            raise MissingValueError(f"{kind} is an invalid volume type")
        existing = self._existing(path)
        if existing is None and kind in MADE_ON_DEMAND:
            return self._make(path, directory=kind != "FileOrCreate")
        matches, noun = TYPES.get(kind, (Path.exists, "file"))
        if existing is None or not matches(existing):
            raise MissingValueError(f"hostPath type check failed: {path} is not a {noun}")
        return existing

    def is_kept(self, path: Path) -> bool:
        """True if the lab keeps this file, so that pods may write to it."""
        return path.is_relative_to(self.kept)

    def _existing(self, path: Path) -> Path | None:
        kept = self._place(path)
        if kept.exists():
            return kept
        hidden = path.resolve().is_relative_to(self.hidden.resolve())
        return path if path.exists() and not hidden else None

    def _make(self, path: Path, *, directory: bool) -> Path:
        place = self._place(path)
        if directory:
            place.mkdir(parents=True)
            return place
        if self._existing(path.parent) is None:
            raise MissingValueError(f"open {path}: no such file or directory")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
        return place

    def _place(self, path: Path) -> Path:
        place = self.kept / path.relative_to("/")
        if not place.resolve().is_relative_to(self.kept.resolve()):
            raise MissingValueError(
                f"hostPath {path} follows a link, made by a pod, that leads out of the files of the lab"
            )
        return place
