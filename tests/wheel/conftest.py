"""The wheel, built once, and an environment outside the checkout that holds nothing else of ours."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("builder", "form_defs", "plugins", "runtime")


class Installed:
    """An environment with what Yibiao needs in it, and of Yibiao itself only what was installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work = folder / "work"
        self.bin = folder / "environment" / "bin"
        self.work.mkdir()
        self._run(sys.executable, "-m", "venv", "--without-pip", str(self.bin.parent))
        # Dependencies come from the environment of the tests, by links, since there is no network;
        # the checkout's own editable installation does not come along.
        own = next((self.bin.parent / "lib").glob("python*/site-packages"))
        theirs = next(path for path in map(Path, sys.path) if path.name == "site-packages")
        for entry in theirs.iterdir():
            if "yibiao" not in entry.name and entry.suffix != ".pth":
                (own / entry.name).symlink_to(entry)

    def _run(self, *command: str, **options) -> subprocess.CompletedProcess[str]:
        kept = ("PATH", "LANG", "TZ", "TMPDIR")
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        return subprocess.run(
            command,
            cwd=self.work,
            env={**environment, "HOME": str(self.folder), "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **options,
        )

    def pip(self, *arguments: str) -> None:
        """Install or remove wheels here, without a network."""
        python = str(self.bin / "python")
        done = self._run(sys.executable, "-m", "pip", "--python", python, "--isolated", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr

    def python(self, code: str) -> str:
        """What a line of Python prints here."""
        done = self._run(str(self.bin / "python"), "-W", "error", "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def yibiao(self, *arguments: str, status: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run the installed command in a folder of its own; it must end with `status`, where one is given."""
        done = self._run(str(self.bin / "yibiao"), *arguments, timeout=300)
        assert status in (None, done.returncode), (
            f"yibiao {arguments}:\n{done.stdout}\n{done.stderr}"
        )
        return done


def department_wheel(into: Path, name: str, files: dict[str, str]) -> Path:
    """A wheel with one package of `files`, whose module `plugin` is the department `name`."""
    package, version = name.replace("-", "_"), "1.0"
    info = f"{package}-{version}.dist-info"
    contents = {f"{package}/{path}": text for path, text in files.items()} | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[yibiao.plugins]\n{name} = {package}.plugin\n",
    }
    contents[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*contents, f"{info}/RECORD"])
    built = into / f"{package}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(built, "w") as archive:
        for path, text in contents.items():
            archive.writestr(path, text)
    return built


@pytest.fixture(scope="session")
def sources() -> set[str]:
    """The files of the packages, as they are when the wheel is built: tracked, or about to be."""
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    command += ["--cached", "--others", "--exclude-standard", *PACKAGES]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {name for name in listed.split("\0") if name and (ROOT / name).is_file()}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory, sources) -> Path:
    """The wheel of this checkout."""
    into = tmp_path_factory.mktemp("wheel")
    command = [str(ROOT / ".ci" / "wheel"), str(into)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = into.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory) -> Installed:
    """The wheel, installed into an otherwise empty environment outside the checkout."""
    environment = Installed(tmp_path_factory.mktemp("installed"))
    environment.pip("install", "--no-deps", "--no-index", str(wheel))
    return environment
