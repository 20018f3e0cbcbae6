"""The Celery application, which carries ids of jobs and nothing else. Not for what is done with them."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import Any

from celery import Celery

from runtime.errors import OperatorError
from runtime.language import gettext as _
from runtime.settings import Settings

TASK = "yibiao.perform"
FOLDER = "queue"
"""Of the home folder."""

_LOOK_SECONDS = 0.3
"""How long a waiting worker lets pass between two looks into the folder."""


@cache
def application(settings: Settings) -> Celery:
    """The site's queue; the same object for the same settings. Raises `OperatorError` where it cannot be."""
    app = Celery("yibiao", set_as_current=False)
    app.conf.update(
        **(_broker(settings) if settings.broker_url else _files(settings)),
        task_ignore_result=True,
        worker_enable_remote_control=False,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=3,
    )
    return app


def _broker(settings: Settings) -> dict[str, Any]:
    if settings.broker_url.startswith("redis") and find_spec("redis") is None:
        raise OperatorError(
            _("YIBIAO_BROKER_URL names Redis, and the package “redis” is not installed.")
        )
    return {"broker_url": settings.broker_url}


def _files(settings: Settings) -> dict[str, Any]:
    folder = settings.home / FOLDER
    try:
        (folder / "exchanges").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(
            _(
                "The home folder %(folder)s cannot be written: %(why)s.",
                folder=settings.home,
                why=error,
            )
        ) from error
    return {
        "broker_url": "filesystem://localhost",
        "broker_transport": "runtime.jobs.folder:Transport",
        "broker_transport_options": {
            "data_folder_in": str(folder),
            "data_folder_out": str(folder),
            "control_folder": str(folder / "exchanges"),
            "polling_interval": _LOOK_SECONDS,
        },
    }
