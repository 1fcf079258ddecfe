"""What tests/lab/runtime/test_runtime.py looks at, as JSON on standard output: `scenario.py DIRECTORY`."""

import asyncio
import json
import os
import sys
from pathlib import Path
from signal import Signals
from typing import Any

from svcproof.lab.runtime import CannotStartError, Container, Mount, Process, Root, Running, Runtime

ENVIRONMENT = {"A": "b", "PATH": "/usr/bin:/bin"}
SELF = """
import json, os, sys
seen = open("/proc/self/environ").read().split("\\0")[:-1]
ours = [name for name in sys.modules if "forkserver" in name]
print(json.dumps({"argv": sys.argv, "environment": dict(os.environ), "pid": os.getpid(), "ours": ours, "seen": seen}))
"""


class Stage:
    def __init__(self, runtime: Runtime, directory: Path) -> None:
        self.runtime = runtime
        (directory / "lab").mkdir()
        (directory / "lab" / "file").write_text("from the lab\n")
        (directory / "lab" / "__main__.py").write_text(
            "import neighbour, sys; print(neighbour.NAME, sys.argv[1:], __name__)"
        )
        (directory / "lab" / "neighbour.py").write_text("NAME = 'neighbour'")
        self.mounts = (
            Mount(str(directory / "lab"), "/not/there/before"),
            Mount(str(directory / "lab"), "/usr/share/not-there", read_only=True),
            Mount(str(directory / "lab" / "file"), "/etc/hostname"),
        )

    async def start(self, *argv: str) -> tuple[Running, int]:
        read, write = os.pipe()
        null = os.open(os.devnull, os.O_RDONLY)
        process = Process(argv=argv, environment=ENVIRONMENT)
        container = Container(process=process, netns="/proc/self/ns/net", hostname="web", root=Root(mounts=self.mounts))
        try:
            return await self.runtime.start(container, (null, write, write)), read
        finally:
            os.close(write)
            os.close(null)

    async def run(self, *argv: str) -> tuple[int, str]:
        running, read = await self.start(*argv)
        code = await running.wait()
        with os.fdopen(read) as output:
            return code, output.read()

    async def begin(self, within: Running, *argv: str) -> tuple[Running, int]:
        read, write = os.pipe()
        process = Process(argv=argv, environment=ENVIRONMENT)
        try:
            return await self.runtime.execute(within, process, (write, write, write)), read
        finally:
            os.close(write)

    async def execute(self, within: Running, *argv: str) -> tuple[int, str]:
        running, read = await self.begin(within, *argv)
        code = await running.wait()
        with os.fdopen(read) as output:
            return code, output.read()


async def main(directory: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    async with Runtime() as runtime:
        stage = Stage(runtime, directory)
        await _programs(stage, found)
        await _python(stage, found)
        await _processes(stage, found)
        staying, read = await stage.start("sleep", "60")
        os.close(read)
    for _ in range(100):  # The kernel kills it in its own time.
        found["left"] = [staying.pid] if _alive(staying.pid) else []
        if not found["left"]:
            break
        await asyncio.sleep(0.02)
    return found


async def _programs(stage: Stage, found: dict[str, Any]) -> None:
    found["environment"] = (await stage.run("sh", "-c", "env | sort"))[1]
    found["processes"] = (await stage.run("sh", "-c", "echo $$ $(hostname)"))[1].split()
    looks = "cat /not/there/before/file; ls /not/there/before | grep file; ls /usr/share/not-there | grep file"
    found["mounted"] = (await stage.run("sh", "-c", looks))[1]
    writes = "for x in /x /tmp/x /etc/x /usr/x /usr/share/not-there/x; do touch $x 2>/dev/null && echo $x; done | sort"
    found["written"] = (await stage.run("sh", "-c", writes))[1]
    found["exit"] = (await stage.run("sh", "-c", "exit 7"))[0]
    try:
        await stage.start("no-such-program")
    except CannotStartError as error:
        found["not there"] = str(error)


async def _python(stage: Stage, found: dict[str, Any]) -> None:
    found["python"] = json.loads((await stage.run("python3", "-c", SELF, "one", "two"))[1])
    found["directory"] = (await stage.run("python3", "-u", "/not/there/before", "--option"))[1]
    found["traceback"] = await stage.run("python3", "-c", "1 / 0")
    found["sys.exit"] = (await stage.run("python3", "-c", "raise SystemExit(3)"))[0]


async def _processes(stage: Stage, found: dict[str, Any]) -> None:
    running, read = await stage.start("sleep", "60")
    found["executed"] = await stage.execute(running, "sh", "-c", "hostname; cat /etc/hostname; exit 5")
    orphan, output = await stage.begin(running, "sleep", "60")
    await stage.runtime.signal(running, Signals.SIGKILL)
    found["killed"] = await running.wait()
    found["orphan"] = await orphan.wait()
    os.close(output)
    os.close(read)
    try:
        await stage.execute(running, "true")
    except CannotStartError as error:
        found["too late"] = str(error)


def _alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(main(Path(sys.argv[1])))))
