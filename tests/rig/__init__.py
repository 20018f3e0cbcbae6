"""The test rig: what all tests, those of departments included, may ask for.

`setup.cfg` loads it as a pytest plugin (`-p tests.rig`), so that its fixtures are there wherever a
test lies. Importing a fixture's module here is all that registers it.
"""

from tests.rig.browser import axe, browser, new_page, page, page_watch
from tests.rig.clock import FIXED_NOW, fixed_now
from tests.rig.databases import (
    database_kind,
    database_url,
    databases,
    postgres,
    prepared_database,
    pytest_generate_tests,
    sqlite_url,
)
from tests.rig.guard import guard_network
from tests.rig.language import speak_english
from tests.rig.laws import pytest_pyfunc_call, pytest_terminal_summary
from tests.rig.profiles import choose_profile, pytest_collection_modifyitems
from tests.rig.redis import redis_url
from tests.rig.room import give_back, take_room
from tests.rig.server import serve
from tests.rig.shortcuts import take_shortcuts
from tests.rig.suite import json_schema_suite

__all__ = [
    "FIXED_NOW",
    "axe",
    "browser",
    "database_kind",
    "database_url",
    "databases",
    "fixed_now",
    "json_schema_suite",
    "new_page",
    "page",
    "page_watch",
    "postgres",
    "prepared_database",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_generate_tests",
    "pytest_pyfunc_call",
    "pytest_terminal_summary",
    "pytest_unconfigure",
    "redis_url",
    "serve",
    "speak_english",
    "sqlite_url",
    "take_shortcuts",
]


def pytest_configure():
    take_room()
    guard_network()
    choose_profile()


def pytest_unconfigure(config):
    give_back(keep=_has_failures(config))


def _has_failures(config):
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return bool(reporter and (reporter.stats.get("failed") or reporter.stats.get("error")))
