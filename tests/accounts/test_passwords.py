import subprocess
import sys

import pytest

from runtime.accounts.passwords import hashed, is_outdated, is_right, require_good
from runtime.errors import EntryError


@pytest.mark.parametrize(
    ("password", "because"),
    [
        ("short-9ch", "at least 10"),
        ("汉字密码不够长", "at least 10"),
        ("x" * 201, "at most 200"),
        ("ababababab", "four different"),
        ("my-chen.wei-2026", "user name"),
        ("MY-CHEN.WEI-2026", "user name"),
    ],
)
def test_a_bad_password_is_refused_with_the_reason(password, because):
    with pytest.raises(EntryError, match=because):
        require_good(password, "Chen.Wei")


@pytest.mark.parametrize("password", ["correct horse", "十个以上的汉字也可以用", "p" * 197 + "abc"])
def test_a_good_password_passes(password):
    require_good(password, "chen.wei")


def test_only_the_same_password_is_right():
    kept = hashed("correct horse")
    assert kept != hashed("correct horse")
    assert is_right("correct horse", kept)
    assert not is_right("correct horsf", kept)
    assert not is_outdated(kept)


def test_a_character_composed_differently_is_the_same():
    assert is_right("cafe\u0301 cafe\u0301", hashed("caf\u00e9 caf\u00e9"))


@pytest.mark.parametrize("kept", ["", "rubbish"])
def test_nothing_kept_is_never_right(kept):
    assert not is_right("nobody has this password", kept)


def test_a_hash_costs_what_it_should():
    """At least what OWASP's cheat sheet asks of argon2id; told by a process without the tests' shortcuts."""
    program = "from runtime.accounts.passwords import hashed; print(hashed('correct horse'))"
    kept = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    ).stdout
    kind, _version, costs = kept.split("$")[1:4]
    memory, passes, _lanes = (int(part.partition("=")[2]) for part in costs.split(","))
    assert kind == "argon2id"
    assert memory >= 19 * 1024
    assert passes >= 2
