"""The command as people run it, in an empty folder."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest

from runtime.cli import main
from runtime.language import using
from tests.rig.room import once, room

DEMO = ("demo", "--residents", "60", "--password", "a-lake-at-dawn", "--out", "out")


@dataclass
class Shell:
    """A folder to work in, and `yibiao` in it."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        names = ("PATH", "HOME", "TMPDIR", "TZ", "PYTHONPATH")
        kept = {name: os.environ[name] for name in names if name in os.environ}
        return {**kept, "PYTHONUTF8": "1", "LANG": "C.UTF-8"}

    @property
    def command(self) -> list[str]:
        code = "import runtime.cli; runtime.cli.main()"
        return [sys.executable, "-c", code]

    def process(self, *arguments: object, **options) -> subprocess.CompletedProcess[str]:
        """Run `yibiao …` to its end as a process of its own."""
        return subprocess.run(
            [*self.command, *map(str, arguments)],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            env=self.environment,
            timeout=100,
            text=True,
            **(options or {"capture_output": True}),
        )

    def __call__(
        self, *arguments: object, language: str = "", **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """The same within this process, which is quicker."""
        out, err, status = io.StringIO(), io.StringIO(), None
        spoken = {"LC_ALL": language} if language else {}
        with (
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            patch.dict(os.environ, {**self.environment, **spoken, **environ}, clear=True),
            using("en"),
        ):
            try:
                main([str(argument) for argument in arguments])
            except SystemExit as left:
                status = left.code
        return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())

    def good(self, *arguments: object, **options) -> str:
        """What a command prints that must end well."""
        done = self(*arguments, **options)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def wrong(self, *arguments: object, status: int | None = None, **options) -> str:
        """The one line that a command says which must fail."""
        done = self(*arguments, **options)
        assert done.returncode == status if status else done.returncode != 0, done
        assert "Traceback" not in done.stderr, done.stderr
        assert done.stderr.startswith("yibiao: ")
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr.removeprefix("yibiao: ").rstrip("\n")

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return name


@pytest.fixture
def shell(tmp_path) -> Shell:
    """`yibiao` in an empty folder."""
    return Shell(tmp_path)


@pytest.fixture
def begun(shell) -> Shell:
    """`yibiao` in a folder where `yibiao init` was run."""
    return shell_after(shell.folder, "init")


@pytest.fixture(scope="session")
def city(tmp_path_factory) -> Shell:
    """`yibiao` beside a small sample city, one a worker; tests may add to it but take nothing away."""
    return shell_after(tmp_path_factory.mktemp("city"), *DEMO)


def shell_after(folder: Path, *command: str) -> Shell:
    """`yibiao` in a copy of what this command once wrote in a folder."""

    def make() -> str:
        made = Shell(Path(tempfile.mkdtemp(dir=room())))
        made.good(*command)
        return str(made.folder)

    shutil.copytree(once(f"yibiao {command[0]}", make), folder, dirs_exist_ok=True)
    return Shell(folder)
