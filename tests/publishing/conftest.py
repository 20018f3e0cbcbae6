"""The small city behind the whole application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runtime.app import create_app
from runtime.site import Site, open_site
from tests.rig.city import City, prepare, settings


@pytest.fixture
def city(
    prepared_database: Callable[[str, Callable[[str], object]], str],
    fixed_now: object,
    tmp_path: Path,
) -> Iterator[City]:
    opened = open_site(settings(prepared_database("city", prepare), tmp_path))
    yield City(create_app(site=opened), opened)
    opened.close()


@pytest.fixture
def site(city: City) -> Site:
    return city.site
