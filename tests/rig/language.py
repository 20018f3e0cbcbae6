"""Each test begins in the source language, whatever one before it has put in force."""

from collections.abc import Iterator

import pytest

from runtime.language import SOURCE, using


@pytest.fixture(autouse=True)
def speak_english() -> Iterator[None]:
    with using(SOURCE):
        yield
