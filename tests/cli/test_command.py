"""The command itself: version, help, interrupts, a reader that goes away."""

import os
import signal
import subprocess
import time
from unittest.mock import Mock

import pytest

from runtime.cli.command import COMMANDS


def test_the_version_is_there_at_once(shell):
    """Of a few tries the cheapest counts, in time of the processor: other tests want it as well."""
    assert min(cost_of(shell, "--version") for _ in range(4)) < 0.3


def cost_of(shell, *arguments):
    """Seconds of the processor that the command takes."""
    before = os.times()
    assert shell.process(*arguments).stdout == "yibiao, version 0.1.0\n"
    after = os.times()
    return (
        after.children_user + after.children_system - before.children_user - before.children_system
    )


def test_the_version_reads_nothing_heavy(shell):
    code = (
        "import sys, runtime.cli\n"
        "try: runtime.cli.main(['--version'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('flask', 'sqlalchemy', 'weasyprint', 'openpyxl', 'jsonschema_rs') if m in sys.modules])"
    )
    done = subprocess.run([shell.command[0], "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_lists_every_command_with_a_sentence(shell):
    told = shell.good("--help")
    for name in COMMANDS:
        line = next(line for line in told.splitlines() if line.split()[:1] == [name])
        assert len(line.split()) > 3, line
        assert "Usage: yibiao" in shell.good(name, "--help")


def test_an_unknown_command_is_told(shell):
    assert "No such command 'nonsense'" in shell.wrong("nonsense", status=2)


def test_a_reader_that_goes_away_is_no_crash(shell):
    read, write = os.pipe()
    os.close(read)
    done = shell.process("defs", "map", capture_output=False, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_ctrl_c_stops_with_a_word(shell):
    """A password is asked for: what is interrupted has done nothing."""
    running = subprocess.Popen(
        [*shell.command, "demo", "--residents", "2000000"],
        cwd=shell.folder,
        env=shell.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(4)
    running.send_signal(signal.SIGINT)
    _out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert err.splitlines()[-1] == "yibiao: Stopped."
    assert "Traceback" not in err


INTERRUPTED = """
import sys
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupt())
import runtime.cli
runtime.cli.main({arguments!r})
"""


@pytest.mark.parametrize(
    ("arguments", "module"),
    [
        (["--version"], "runtime.cli.command"),
        (["--version"], "click"),
        (["serve", "--port", "0"], "runtime.cli.site"),
        (["serve", "--port", "0"], "waitress.server"),
        (["serve", "--port", "0"], "runtime.app"),
    ],
)
def test_ctrl_c_is_heard_from_the_start(begun, arguments, module):
    """Interrupted while the module is read, as it happens to whoever is quick."""
    shell = begun
    done = subprocess.run(
        [shell.command[0], "-c", INTERRUPTED.format(arguments=arguments, module=module)],
        cwd=shell.folder,
        env=shell.environment,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr.strip()) == (130, "yibiao: Stopped.")


def test_a_fault_of_ours_is_one_line(shell, monkeypatch):
    schema = shell.write("schema.json", "{}")
    fault = Mock(side_effect=ZeroDivisionError("by nothing\nat all"))
    monkeypatch.setattr("runtime.cli.schemas._report", fault)
    said = shell.wrong("render", schema, status=1)
    assert said.endswith("ZeroDivisionError: by nothing (set YIBIAO_DEBUG=1 to see where)")
    assert "故障：ZeroDivisionError" in shell.wrong("render", schema, language="zh_CN.UTF-8")
    with pytest.raises(ZeroDivisionError):
        shell("render", schema, YIBIAO_DEBUG="1")
