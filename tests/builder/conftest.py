"""The small city behind the whole application, for the builder's pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runtime.app import create_app
from runtime.site import open_site
from tests.rig.city import City, prepare, settings


@pytest.fixture
def city(
    prepared_database: Callable[[str, Callable[[str], object]], str],
    fixed_now: object,
    tmp_path: Path,
) -> Iterator[City]:
    """The small city with one account a role, on SQLite and PostgreSQL (the mark `databases` narrows)."""
    site = open_site(settings(prepared_database("city", prepare), tmp_path))
    yield City(create_app(site=site), site)
    site.close()
