"""The day on which tests live, and the time zone of the machine that they think they run on."""

import os
import time
from datetime import UTC, datetime

import pytest

from runtime import clock

#: A Sunday morning in China, the day after the month that reports are due for.
FIXED_NOW = datetime(2026, 11, 1, 1, 30, tzinfo=UTC)

os.environ["TZ"] = "Asia/Shanghai"
time.tzset()


@pytest.fixture
def fixed_now():
    """Time stands still at `FIXED_NOW` within this test, and in the server that `serve` starts."""
    with clock.fixed(FIXED_NOW):
        yield FIXED_NOW
