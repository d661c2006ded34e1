"""What goes into the store and what comes out of it, where `core.model` has no word for it yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Protocol, TypeAlias

    from core.model import Basis, Interval, Post, Rule, Score, ScorerId

    class RuleMatcher(Protocol):
        """Says which subjects a post speaks of: `core.linking.Matcher`, or a stand-in."""

        def match_many(self, posts: Sequence[tuple[str, Sequence[str], Sequence[str]]]) -> Sequence[set[str]]:
            """Return of each post, given as text, tags and symbols, the keys of the subjects whose rule matches."""
            ...

    MatcherFactory: TypeAlias = Callable[[Mapping[str, Rule]], RuleMatcher]
    RelinkProgress: TypeAlias = Callable[[int, int], None]  # posts looked at, posts in all


class NewerStoreError(StoreError):
    """The store was written by a newer Crowdtape; it was not touched."""


class DamagedStoreError(StoreError):
    """The file is no store, or is damaged; it was not touched."""


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post on its way in. Subjects are named by their keys (`core.model.subject_key`).

    `subjects` were found by a rule, `stated` were named by the file or the user and outlive any change of rule; a
    stated key that is unknown becomes an instrument. `collected` (ms UTC) is when the post was read from its
    platform; None means now.
    """

    post: Post
    scores: Sequence[tuple[ScorerId, Score]] = ()
    subjects: frozenset[str] = frozenset()
    stated: frozenset[str] = frozenset()
    collected: int | None = None


@dataclass(frozen=True, slots=True)
class AddResult:
    """What one batch brought. `linked` counts new links a subject's key, those of duplicates included."""

    added: int
    duplicates: int
    linked: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A post with its place in the store. Times are ms UTC; `score` is None where the scorer gave none."""

    number: int  # the store's own number of the post, ascending in order of arrival
    post: Post
    collected: int
    score: Score | None = None
    scorer: ScorerId | None = None
    scored: int | None = None  # when the score was made
    copies: int = 1  # how many stored posts say the same, this one included
    echo: bool = False  # whether an earlier post of the subject says the same
    verdict: str = ""  # what the user marked it as (core.store.corrections.VERDICTS)


@dataclass(frozen=True, slots=True)
class BarSeriesInfo:
    """Where a series of bars comes from. `fetched`, `first` and `last` are ms UTC; the latter two are bar times."""

    interval: Interval
    basis: Basis
    source: str
    fetched: int
    n: int
    first: int
    last: int
    simulated: bool


@dataclass(frozen=True, slots=True)
class PutResult:
    """What bars did to a series: new ones, and old ones whose figures changed."""

    added: int
    replaced: int
