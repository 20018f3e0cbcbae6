from runtime.entry.progress import progress
from tests.entry.town import post, stored
from tests.fill.library import REPORT, plan_of


def of(engine, report):
    entry = stored(engine, report)
    return progress(plan_of(REPORT), entry.data, entry.choices, entry.provenance)


def test_progress_is_counted_from_what_stands_in_the_entry(engine, report, people):
    found = of(engine, report)
    assert (found.filled, found.ask, found.check) == (16, ("/lent", "/many"), ())
    assert found.count == 18
    post(engine, report, people["chen"], {"/lent": "3", "/all": "8", "/remarks": "x"})
    found = of(engine, report)
    assert (found.filled, found.ask, found.check) == (18, ("/many",), ("/all",))
    post(engine, report, people["chen"], {}, reasons={"/all": "four came"})
    assert of(engine, report).check == ()
    post(engine, report, people["chen"], {"/graded/1/young": ""})
    assert of(engine, report).ask == ("/graded/1/young", "/many")
