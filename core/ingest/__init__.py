"""From files to the store: read, normalise, deduplicate, link, score."""

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
