"""A city of a hundred and twenty people, lived over again with the rates that a test wants."""

from dataclasses import replace

import pytest

from runtime.replay.replaying import replay
from runtime.settings import Settings
from runtime.site import initialise, open_site


@pytest.fixture(scope="session")
def lived(tmp_path_factory):
    """`lived(rates, until)`: the file of a replay in which one unit of each level reports."""
    settings = Settings(home=tmp_path_factory.mktemp("home"), database_url="sqlite://")
    site = open_site(settings)

    def prepare(address):
        other = open_site(replace(settings, database_url=address))
        initialise(other)
        other.close()

    def live(rates=None, until="202601"):
        checks = site.entry_problems
        return replay(
            site.library, prepare, 120, 7, sample=1, last=until, rates=rates, checks=checks
        )

    yield live
    site.close()
