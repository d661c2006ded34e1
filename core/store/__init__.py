"""Everything that Crowdtape keeps, in one SQLite file: subjects, posts, scores, bars, metrics and events."""

from core.store.census import Census, Coverage
from core.store.roll import PostFilter
from core.store.store import Store
from core.store.types import (
    AddResult,
    BarSeriesInfo,
    DamagedStoreError,
    NewerStoreError,
    NewPost,
    PutResult,
    StoredPost,
)

__all__ = [
    "AddResult",
    "BarSeriesInfo",
    "Census",
    "Coverage",
    "DamagedStoreError",
    "NewPost",
    "NewerStoreError",
    "PostFilter",
    "PutResult",
    "Store",
    "StoredPost",
]
