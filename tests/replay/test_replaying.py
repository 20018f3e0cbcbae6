"""A small city lived over again: with files in which nothing is wanting, and with those of the shipped rates."""

import json

import msgspec
import pytest

from runtime.replay.rates import Gaps, shipped

pytestmark = pytest.mark.timeout(240)

MONTHLY = 8


def perfect():
    """Every department sends all that it knows on the first day, and every change before the reports are due."""
    rates = shipped()
    none = Gaps(missing=0, stale=0, conflict=0)
    return msgspec.structs.replace(
        rates,
        staff=msgspec.structs.replace(rates.staff, visits=1),
        gaps=dict.fromkeys(rates.gaps, none),
        deliveries=tuple(
            msgspec.structs.replace(one, since="202601", delay=0, unlisted=0, lost=0)
            for one in rates.deliveries
        ),
    )


@pytest.fixture(scope="module")
def whole(lived):
    return lived(perfect())


@pytest.fixture(scope="module")
def shown(lived):
    return lived(until="202602")


def test_where_nothing_is_wanting_every_figure_is_filled_and_right(whole):
    (month,) = whole["months"]
    assert month["comparedWithTruth"]["wrong"] == 0
    assert month["comparedWithTruth"]["right"] > 80
    assert month["byState"].get("incomplete", 0) == month["byState"].get("conflict", 0) == 0


def test_then_only_what_no_rule_counts_is_typed(whole):
    for one in whole["unfilled"]:
        if one["state"] == "missing" and "unknown" not in one:
            assert not one["cell"].endswith(("/residents", "/holders", "/venues")), one
    assert {one["state"] for one in whole["unfilled"]} <= {"missing", "offered", "stale"}


def test_every_report_that_is_owed_is_filled_and_submitted(whole):
    """One street and one community: seven monthly forms of the community, one of them the street's as well."""
    (month,) = whole["months"]
    assert month["reports"] == month["begun"] == month["submitted"] == MONTHLY


def test_the_parts_add_up(shown):
    for month in shown["months"]:
        assert month["cells"] == month["filled"] + month["typed"] + month["confirmed"]
        assert month["cells"] == sum(month["byState"].values())
        assert month["cells"] == sum(month["byProvenance"].values())
        assert month["filled"] == month["byState"]["fresh"]
        of_forms = [
            m for f in shown["forms"] for m in f["months"] if m["period"] == month["period"]
        ]
        for name in ("reports", "cells", "filled", "typed", "confirmed"):
            assert month[name] == sum(one[name] for one in of_forms), name


def test_what_was_typed_in_january_is_asked_for_again_in_february(shown):
    """In January only how many venues were inspected is asked for twice: two forms want it, and fire sends later."""
    january, february = shown["months"]
    assert january["asked"]["again"] == 1
    assert january["asked"]["first"] >= january["typed"] - 5
    assert february["asked"]["again"] > 0


def test_what_staff_write_into_their_own_registers_fills_reports_and_has_its_price(whole, shown):
    """With every line written no figure of the log is wanting, and the time that the lines took is told."""
    (month,) = whole["months"]
    assert month["recorded"]["lines"] > 10
    assert month["recorded"]["facts"] > 2 * month["recorded"]["lines"]
    assert month["minutes"] > month["recorded"]["minutes"] > 0
    wanting = {one["cell"].rpartition("/")[2] for one in whole["unfilled"]}
    assert not wanting & {"drills", "drill_persons", "bicycles", "meals", "calls", "complaints"}
    assert shown["months"][0]["recorded"]["lines"] <= month["recorded"]["lines"]


def test_departments_that_send_later_leave_figures_missing_until_then(shown):
    """Fire sends from February on, veterans' affairs in April."""
    january, february = ({f["number"]: m for f in shown["forms"] for m in f["months"] if m["period"] == p}
                         for p in ("202601", "202602"))  # fmt: skip
    assert january["FE-01"]["filled"] < february["FE-01"]["filled"]
    assert february["VA-01"]["byState"]["missing"] > 20


def test_the_shape_of_the_file(shown):
    told = json.loads(json.dumps(shown))
    assert {"months", "forms", "unfilled", "seed", "residents", "goal", "seconds"} <= told.keys()
    assert [month["period"] for month in told["months"]] == ["202601", "202602"]
    for month in told["months"]:
        assert {"period", "cells", "filled", "typed", "confirmed", "byProvenance"} <= month.keys()
    for form in told["forms"]:
        assert {"form", "number", "title", "department", "months", "unfilled"} <= form.keys()


def test_the_same_seed_gives_the_same_file(shown, lived):
    assert json.dumps(lived(until="202602")) == json.dumps(shown)
