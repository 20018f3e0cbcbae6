"""What one post may hold grows with the form, and its untouched post always fits."""

from urllib.parse import urlencode

from hypothesis import given

from runtime.definitions.compile import compile_form
from runtime.entry.limits import post_limits
from tests.entry.posting import untouched
from tests.entry.test_round_trip import entries


@given(entries())
def test_the_untouched_post_fits(entry):
    plan, data, choices = entry
    post = untouched(plan, data, choices)
    limits = post_limits(plan, data, choices)
    assert sum(map(len, post.values())) <= limits.parts
    body = urlencode([(n, v) for n, values in post.items() for v in values], errors="replace")
    assert len(body) <= limits.size


def test_a_long_list_gets_more_room_than_werkzeug_gives_by_default():
    row = {"type": "object", "properties": {f"c{n}": {"type": "string"} for n in range(6)}}
    plan = compile_form({"type": "object", "properties": {"rows": {"type": "array", "items": row}}})
    assert post_limits(plan, {"rows": [{}] * 500}).parts > 3000
    assert post_limits(plan, {}).parts < 500
