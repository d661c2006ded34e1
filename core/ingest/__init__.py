"""From files to the store: read, normalise, deduplicate, link, score.

What has its name here is loaded when it is first asked for: a process that parses pieces of a file needs none of it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from core.ingest.actions import action_on, import_actions
    from core.ingest.events import import_events
    from core.ingest.formats import presets
    from core.ingest.metrics import import_metrics
    from core.ingest.posts import import_posts
    from core.ingest.prices import import_prices
    from core.ingest.report import ImportReport, Progress

__all__ = [
    "ImportReport",
    "Progress",
    "action_on",
    "import_actions",
    "import_events",
    "import_metrics",
    "import_posts",
    "import_prices",
    "presets",
]

_HOMES: Final = {
    "action_on": "actions",
    "import_actions": "actions",
    "import_events": "events",
    "presets": "formats",
    "import_metrics": "metrics",
    "import_posts": "posts",
    "import_prices": "prices",
    "ImportReport": "report",
    "Progress": "report",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
