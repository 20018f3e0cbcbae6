"""Of whom a row tells, found as if it were compared with everybody, and without comparing it with everybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.imports import identity, joined
from runtime.imports.identity import SEVERAL, Known, agree, keys_of
from runtime.imports.rows import Told
from runtime.imports.shelf import Shelf

IDENTITY = (("number",), ("name", "born"), ("card",), ("name", "street"))
few = st.sampled_from([None, "1", "2"])
people = st.fixed_dictionaries(
    dict.fromkeys(("number", "name", "born", "card", "street"), few)
).map(lambda told: {name: value for name, value in told.items() if value is not None})


def compared_with_all(known, told):
    for key in keys_of(IDENTITY, told):
        for wanted in (False, True):
            fitting = [
                n
                for n, (has, left) in known.items()
                if left is wanted and key in keys_of(IDENTITY, has) and agree(IDENTITY, has, told)
            ]
            if fitting:
                return fitting[0] if len(fitting) == 1 else SEVERAL
    return None


@given(st.lists(st.tuples(people, st.booleans()), max_size=6), st.lists(people, max_size=4))
def test_whoever_is_found_is_whom_comparing_with_all_finds(register, rows):
    held, shelved = Known(IDENTITY), Known(IDENTITY, Shelf(), Shelf())
    everybody = {str(n): one for n, one in enumerate(register)}
    for known in (held, shelved):
        for subject_id, (document, left) in everybody.items():
            known.add(subject_id, document, left=left)
            known.add(subject_id, document, left=left)  # again: it is known
    for told in rows:
        wanted = compared_with_all(everybody, told)
        assert held.find(told) == shelved.find(told) == wanted


def looks(monkeypatch, work):
    """How often two were compared."""
    seen = []

    def counted(*given):
        seen.append(1)
        return agree(*given)

    monkeypatch.setattr(identity, "agree", counted)
    work()
    return len(seen)


def namesakes(n):
    return [Told(i, {"number": f"{i}", "name": "王伟", "born": "1980-01-01"}) for i in range(n)]


def find_each(n):
    known = Known(IDENTITY)
    for told in namesakes(n):
        known.add(str(told.n), told.values)
    for told in namesakes(n):
        known.find({**told.values, "number": f"other {told.n}"})
    for _n in range(n):
        known.find({"name": "王伟", "born": "1980-01-01"})


def join_each(n):
    class Fields:
        identity = IDENTITY

    joined.joined(Fields, namesakes(n))


@pytest.mark.parametrize("work", [find_each, join_each])
def test_many_of_one_name_are_not_compared_each_with_each(work, monkeypatch):
    few, many = (looks(monkeypatch, lambda n=n: work(n)) for n in (40, 240))
    assert many <= max(few, 1) * 6
