"""An import is recorded whole or not at all, for every reader, whatever is killed; nobody's work fails beside it."""

import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial

import pytest

from runtime.errors import Conflict
from runtime.facts.changes import Step, record_all
from runtime.facts.registers import register_of
from runtime.facts.staged import settle as settling
from runtime.facts.staged import switch as switching
from runtime.facts.staged.switch import RulesChanged
from runtime.facts.tallies.basis import adopt, in_force
from runtime.facts.tallies.proof import verify
from runtime.facts.timeline import UNIT
from runtime.imports import apply as applying
from runtime.imports import batches
from runtime.imports.apply import apply
from runtime.jobs.run import Cancelled
from runtime.storage.engine import reading, writing
from runtime.storage.pace import Pace
from runtime.storage.tables import Subject
from tests.imports.conftest import HEADER, OCTOBER, known, line, newcomers

SMALL = partial(Pace, first=10, least=10, most=10)


@pytest.fixture
def small_steps(monkeypatch):
    for module in (applying, settling):
        monkeypatch.setattr(module, "Pace", SMALL)


def say(desk, subject_id, values, day=OCTOBER):
    with writing(desk.site.engine) as session:
        step = Step(subject_id=subject_id, values=values, effective=day)
        record_all(session, register_of(desk.site.library, "resident"), [step])


def stop(kind, *, at):
    """Told how far it is, raises once so many rows are done."""

    def told(done, _all):
        if done >= at:
            raise kind

    return told


@pytest.mark.parametrize("kind", [Cancelled, OSError])
def test_stopped_while_it_is_staged_it_leaves_nothing(desk, small_steps, kind):
    made, _counts = desk.check(HEADER + line(known(desk)[0]) + newcomers(30))
    before = desk.changes()
    with pytest.raises(kind):
        apply(desk.site, made, actor=None, allowed=None, on_progress=stop(kind, at=20))
    assert (desk.changes(), desk.newcomers(), desk.left_behind()) == (before, 0, {})
    assert desk.found(made).state == "checked"
    apply(desk.site, made, actor=None, allowed=None)
    assert (desk.newcomers(), desk.left_behind()) == (30, {})


def test_a_fault_within_the_switch_leaves_nothing(desk, monkeypatch):
    made, _counts = desk.check(HEADER + newcomers(3))
    before = desk.changes()
    monkeypatch.setattr(applying, "_note", lambda *_a: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        apply(desk.site, made, actor=None, allowed=None)
    assert (desk.changes(), desk.found(made).state) == (before, "checked")
    assert desk.left_behind() == {}


def test_of_two_who_are_at_it_the_later_one_goes_on(desk, small_steps):
    made, _counts = desk.check(HEADER + newcomers(30))

    def overtake(done, _all):
        if done == 10:
            apply(desk.site, made, actor=None, allowed=None)

    with pytest.raises(Conflict, match="taken further"):
        apply(desk.site, made, actor=None, allowed=None, on_progress=overtake)
    assert (desk.found(made).state, desk.newcomers(), desk.left_behind()) == ("applied", 30, {})


def test_what_others_record_while_it_is_staged_is_weighed_again(desk, small_steps):
    """One is edited, one leaves, one is recorded by somebody else before the import brings them."""
    edited, left = known(desk, 2)
    content = HEADER + newcomers(30) + line(edited) + line(left)
    made, counts = desk.check(content, department="housing")
    assert counts["add"] == 30
    came = newcomers(1).split(",")

    def meanwhile(done, _all):
        if done == 30:
            say(
                desk,
                edited.id,
                {"registered_place": "星澜市老区"},
                OCTOBER.replace(month=11, day=1),
            )
            say(desk, left.id, {UNIT: None}, OCTOBER.replace(month=11, day=1))
            unit = {UNIT: edited.unit_id, "name": came[0], "identity_number": came[1]}
            say(desk, "quicker", unit)

    counts = apply(desk.site, made, actor=None, allowed=None, on_progress=meanwhile)
    assert counts["meanwhile"] == 3
    assert desk.newcomers() == 30
    assert desk.subject("quicker").document.keys() == {"name", "identity_number"}
    assert desk.subject(edited.id).document["registered_place"] == "星澜市老区"
    assert desk.subject(left.id).unit_id is None
    assert list(verify(desk.site.engine)) == []


def test_it_is_staged_and_taken_back_while_another_one_settles(desk, small_steps, monkeypatch):
    """Between the other one's switch and its end its rows lie over those of the tables."""
    edited, *others = known(desk, 3)
    first, _counts = desk.check(HEADER + line(edited) + newcomers(3))
    second, _counts = desk.check(HEADER + "".join(map(line, others)) + newcomers(30))

    def other_is_seen(done, _all):
        if done == 10:
            with monkeypatch.context() as patched:
                patched.setattr(applying, "settle", lambda _engine: 1 / 0)
                with pytest.raises(ZeroDivisionError):
                    apply(desk.site, first, actor=None, allowed=None)
        if done == 20 and stopped:
            raise stopped.pop()

    stopped = [OSError("full")]
    with pytest.raises(OSError, match="full"):
        apply(desk.site, second, actor=None, allowed=None, on_progress=other_is_seen)
    assert desk.found(first).state == "settling"
    assert desk.newcomers() == 3
    apply(desk.site, second, actor=None, allowed=None)
    apply(desk.site, first, actor=None, allowed=None)
    assert (desk.newcomers(), desk.left_behind()) == (30, {})
    assert list(verify(desk.site.engine)) == []


@pytest.mark.databases("sqlite")
def test_rules_that_change_meanwhile_make_it_be_staged_anew(desk, monkeypatch):
    made, _counts = desk.check(HEADER + newcomers(3))
    real, tries = applying.switch, []

    def change_rules(staging, *rest):
        if not tries:
            with writing(staging.engine) as session:
                rules = in_force(session)
                rules.remove(next(r for r in rules if r.register == "resident" and r.by))
                assert adopt(session, rules)
        tries.append(staging.basis.id)
        return real(staging, *rest)

    monkeypatch.setattr(applying, "switch", change_rules)
    apply(desk.site, made, actor=None, allowed=None)
    assert len(set(tries)) == 2
    assert list(verify(desk.site.engine)) == []


@pytest.mark.databases("sqlite")
def test_rules_that_never_rest_are_told(desk, monkeypatch):
    made, _counts = desk.check(HEADER + newcomers(3))

    def never(*_rest):
        raise RulesChanged

    monkeypatch.setattr(applying, "switch", never)
    with pytest.raises(Conflict, match="rules of figures"):
        apply(desk.site, made, actor=None, allowed=None)
    assert (desk.found(made).state, desk.left_behind()) == ("checked", {})


def test_others_who_come_in_between_each_time_are_told(desk, monkeypatch):
    """Nothing is recorded, nothing is lost: the same import can be recorded later."""
    made, counts = desk.check(HEADER + newcomers(3))
    with monkeypatch.context() as patched:
        patched.setattr(switching, "ROUNDS", 1)
        patched.setattr(switching, "switched", lambda *_a, **_k: False)
        with pytest.raises(Conflict, match="try again"):
            apply(desk.site, made, actor=None, allowed=None)
    assert (desk.found(made).state, desk.left_behind()) == ("checked", {})
    assert desk.staged() == counts["add"]
    apply(desk.site, made, actor=None, allowed=None)
    assert desk.newcomers() == 3


def test_of_two_who_record_the_same_file_at_once_one_does(desk, monkeypatch):
    """Each looks whether it was imported before the other has begun."""
    twice = [desk.check(HEADER + newcomers(3))[0] for _ in range(2)]
    real, refused = batches.require_new, []

    def slowly(*given, **more):
        real(*given, **more)
        time.sleep(0.5)

    def record(made):
        try:
            apply(desk.site, made, actor=None, allowed=None)
        except Conflict as error:
            refused.append(str(error))

    monkeypatch.setattr(batches, "require_new", slowly)
    threads = [threading.Thread(target=record, args=(made,)) for made in twice]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert ["imported already" in text for text in refused] == [True]
    assert sorted(desk.found(made).state for made in twice) == ["applied", "checked"]
    assert (desk.newcomers(), desk.left_behind()) == (3, {})


def test_nobody_sees_half_of_it_and_nobody_fails_beside_it(desk, small_steps):
    (one,) = known(desk)
    made, _counts = desk.check(HEADER + line(one) + newcomers(60))
    over, counted, saved, faults = threading.Event(), [], [], []

    def look():
        while not over.is_set():
            with reading(desk.site.engine) as session:
                place = session.get(Subject, one.id).document["registered_place"]
                counted.append((desk.newcomers(session), place))

    def save():
        while not over.wait(0.01):
            say(desk, one.id, {"household_number": f"H{len(saved):07}"})
            saved.append(1)

    def guarded(work):
        try:
            work()
        except Exception as fault:
            faults.append(fault)

    others = [threading.Thread(target=guarded, args=(work,)) for work in (look, save)]
    for thread in others:
        thread.start()
    apply(desk.site, made, actor=None, allowed=None)
    over.set()
    for thread in others:
        thread.join()
    assert faults == []
    assert saved
    before = one.document["registered_place"]
    assert set(counted) <= {(0, before), (60, "星澜市新区")}
    assert (desk.newcomers(), desk.left_behind()) == (60, {})
    assert list(verify(desk.site.engine)) == []


KILLED = """
import sys, time
from runtime import clock
from runtime.facts.staged import settle, stage as staging
from runtime.imports import apply as applying
from runtime.site import open_site
from runtime.storage.pace import Pace
from runtime.storage.tables import Subject
from tests.imports.test_apply import SMALL
from tests.rig.city import NOW, settings
address, home, made, stage = sys.argv[1:]
applying.Pace = settle.Pace = SMALL
steps = []
def slowly(real):
    def work(*all):
        found = real(*all)
        steps.append(1)
        if len(steps) == 2 or stage == "switch":
            print("within", flush=True)
            time.sleep(60)
        return found
    return work
module, name = {
    "staging": (staging, "_write_who"), "switch": (applying, "_note"), "settling": (settle, "move"),
}[stage]
setattr(module, name, slowly(getattr(module, name)))
with clock.fixed(NOW):
    applying.apply(open_site(settings(address, home)), made, actor=None, allowed=None)
"""


@pytest.mark.parametrize("stage", ["staging", "switch", "settling"])
def test_killed_at_any_point_it_is_nothing_or_all(desk, tmp_path, stage):
    made, _counts = desk.check(HEADER + line(known(desk)[0]) + newcomers(30))
    before = desk.changes()
    address = str(desk.site.settings.database_url)
    arguments = [sys.executable, "-c", KILLED, address, str(tmp_path), made, stage]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, env={**os.environ}) as child:
        assert child.stdout.readline() == b"within\n"
        child.send_signal(signal.SIGKILL)
        child.wait()
    if stage == "settling":
        assert (desk.found(made).state, desk.newcomers()) == ("settling", 30)
    else:
        assert (desk.found(made).state, desk.newcomers()) == ("applying", 0)
        assert desk.changes() == before
    whole = before + 31
    apply(desk.site, made, actor=None, allowed=None)
    assert desk.found(made).state == "applied"
    assert whole <= desk.changes() <= whole + 1  # the known one is set and confirmed
    assert (desk.newcomers(), desk.left_behind()) == (30, {})
    with reading(desk.site.engine) as session:
        assert settling.settling(session) is None
    assert list(verify(desk.site.engine)) == []
