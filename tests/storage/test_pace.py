"""Long work in short transactions: all of it, in its order, each as long as the clock says."""

from contextlib import nullcontext
from functools import partial

import pytest

from runtime.storage import pace as paces
from runtime.storage.engine import make_engine
from runtime.storage.pace import Pace


@pytest.fixture
def pace(tmp_path, monkeypatch):
    monkeypatch.setattr(paces, "REST", 0)
    return Pace(make_engine(f"sqlite:///{tmp_path}/pace.db"))


def within(begun, session):
    begun.append(session)
    return nullcontext()


@pytest.mark.parametrize(("held", "transactions"), [(0, 7), (3600, 1)])
def test_portions_share_a_transaction_as_long_as_there_is_time(
    pace, monkeypatch, held, transactions
):
    monkeypatch.setattr(paces, "HELD", held)
    begun, done = [], []
    portions = [lambda _session, n=n: done.append(n) for n in range(7)]
    pace.each(portions, partial(within, begun))
    assert (done, len(begun)) == (list(range(7)), transactions)


@pytest.mark.parametrize(("held", "size"), [(0, 50), (3600, 1000)])
def test_what_took_long_is_made_less_and_what_was_quick_more(pace, monkeypatch, held, size):
    monkeypatch.setattr(paces, "HELD", held)
    for _n in range(5):
        assert pace.step(lambda _session, most: most) > 0
    assert pace.size == size


def test_what_fails_is_not_gone_on_with(pace):
    done = []
    portions = [lambda _session: done.append(1), lambda _session: 1 / 0, lambda _s: done.append(2)]
    with pytest.raises(ZeroDivisionError):
        pace.each(portions, partial(within, []))
    assert done == [1]
