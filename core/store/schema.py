"""The tables, and the steps that lead from any older version of them to today's.

Instants are ms UTC. A step is a tuple of statements; it is never edited once released: a change is a new step.
"""

from __future__ import annotations

from typing import Final

# "Crtp" in the header of the file tells a store from any other SQLite database.
APPLICATION_ID: Final = 0x43727470

_FIRST: Final = (
    # -- catalogue: `fold` is the key without case and width, one namespace for symbols and concepts
    """CREATE TABLE subject(
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK(kind IN ('instrument', 'concept')),
        name TEXT NOT NULL, fold TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL DEFAULT '', currency TEXT NOT NULL DEFAULT '',
        rule TEXT NOT NULL DEFAULT '', stale INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE member(
        concept INTEGER NOT NULL REFERENCES subject(id) ON DELETE CASCADE, place INTEGER NOT NULL,
        symbol TEXT NOT NULL, weight REAL NOT NULL, since TEXT, until TEXT,
        PRIMARY KEY(concept, place)) WITHOUT ROWID""",
    """CREATE TABLE pin(
        place INTEGER PRIMARY KEY,
        subject INTEGER NOT NULL UNIQUE REFERENCES subject(id) ON DELETE CASCADE)""",
    "CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # -- posts
    "CREATE TABLE source(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    """CREATE TABLE post(
        id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES source(id), native TEXT NOT NULL,
        published INTEGER NOT NULL, collected INTEGER NOT NULL, text TEXT NOT NULL, author TEXT NOT NULL,
        followers INTEGER, likes INTEGER, comments INTEGER, shares INTEGER, views INTEGER,
        lang TEXT NOT NULL, tags TEXT NOT NULL, symbols TEXT NOT NULL, url TEXT NOT NULL,
        repost INTEGER NOT NULL, stance TEXT NOT NULL)""",
    "CREATE UNIQUE INDEX post_native ON post(source, native)",
    # Contentless: it holds the folded text, so case and width do not matter, and the text is not kept twice.
    # See core.store.words for what a word is.
    """CREATE VIRTUAL TABLE post_text USING fts5(
        text, content='', columnsize=0, tokenize='unicode61 remove_diacritics 0')""",
    # The key is the order in which posts are shown. `loud` and `views` stand here too, so that finding the loudest
    # of a million posts reads this table only.
    """CREATE TABLE link(
        subject INTEGER NOT NULL REFERENCES subject(id) ON DELETE CASCADE,
        published INTEGER NOT NULL, post INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE,
        stated INTEGER NOT NULL, loud INTEGER NOT NULL, views INTEGER NOT NULL,
        PRIMARY KEY(subject, published, post)) WITHOUT ROWID""",
    """CREATE TABLE tally(
        subject INTEGER NOT NULL REFERENCES subject(id) ON DELETE CASCADE,
        source INTEGER NOT NULL REFERENCES source(id), posts INTEGER NOT NULL, collected INTEGER NOT NULL,
        PRIMARY KEY(subject, source)) WITHOUT ROWID""",
    # -- scores: at most one a post and scorer, with the version that made it
    "CREATE TABLE scorer(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    """CREATE TABLE scorer_version(
        id INTEGER PRIMARY KEY, scorer INTEGER NOT NULL REFERENCES scorer(id), version TEXT NOT NULL,
        UNIQUE(scorer, version))""",
    """CREATE TABLE score(
        post INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE,
        scorer INTEGER NOT NULL REFERENCES scorer(id), version INTEGER NOT NULL REFERENCES scorer_version(id),
        value REAL NOT NULL, pos REAL NOT NULL, neu REAL NOT NULL, neg REAL NOT NULL, scored INTEGER NOT NULL,
        PRIMARY KEY(post, scorer)) WITHOUT ROWID""",
    # -- bins: posts counted by the minute; scorer 0 counts posts, whatever scored them
    """CREATE TABLE bin(
        subject INTEGER NOT NULL REFERENCES subject(id) ON DELETE CASCADE, scorer INTEGER NOT NULL,
        chunk INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY(subject, scorer, chunk))""",
    # -- bars: see core.store.bars
    """CREATE TABLE bar_series(
        id INTEGER PRIMARY KEY, subject INTEGER NOT NULL REFERENCES subject(id) ON DELETE CASCADE,
        interval TEXT NOT NULL, basis TEXT NOT NULL, source TEXT NOT NULL, fetched INTEGER NOT NULL,
        simulated INTEGER NOT NULL, UNIQUE(subject, interval, basis))""",
    """CREATE TABLE bar(
        series INTEGER NOT NULL REFERENCES bar_series(id) ON DELETE CASCADE, chunk INTEGER NOT NULL,
        n INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, data BLOB NOT NULL,
        PRIMARY KEY(series, chunk))""",
    # -- metrics and events
    """CREATE TABLE metric(
        id INTEGER PRIMARY KEY, subject INTEGER NOT NULL REFERENCES subject(id) ON DELETE CASCADE,
        name TEXT NOT NULL, kind TEXT NOT NULL, unit TEXT NOT NULL, source TEXT NOT NULL, UNIQUE(subject, name))""",
    """CREATE TABLE metric_value(
        metric INTEGER NOT NULL REFERENCES metric(id) ON DELETE CASCADE,
        time INTEGER NOT NULL, item TEXT NOT NULL, value REAL NOT NULL,
        PRIMARY KEY(metric, time, item)) WITHOUT ROWID""",
    """CREATE TABLE event(
        subject INTEGER NOT NULL REFERENCES subject(id) ON DELETE CASCADE,
        time INTEGER NOT NULL, title TEXT NOT NULL, note TEXT NOT NULL, url TEXT NOT NULL,
        PRIMARY KEY(subject, time, title)) WITHOUT ROWID""",
)

_ACTIONS: Final = (
    # -- splits and dividends: at most one of a kind an ex-date
    """CREATE TABLE action(
        subject INTEGER NOT NULL REFERENCES subject(id) ON DELETE CASCADE,
        time INTEGER NOT NULL, kind TEXT NOT NULL, value REAL NOT NULL, source TEXT NOT NULL,
        PRIMARY KEY(subject, time, kind)) WITHOUT ROWID""",
)

# -- drawings: anchors and looks as JSON (core.drawings), for no query looks into them
_DRAWINGS: Final = (
    """CREATE TABLE drawing(
        id TEXT PRIMARY KEY, subject INTEGER NOT NULL REFERENCES subject(id) ON DELETE CASCADE,
        data TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX drawing_subject ON drawing(subject)",
)

# Bins of one kind gave way to columns, from which any can be counted: see core.store.derived, which fills them.
_COLUMNS: Final = (
    "DROP TABLE bin",
    "CREATE TABLE language(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    """CREATE TABLE roll(
        subject INTEGER NOT NULL REFERENCES subject(id) ON DELETE CASCADE,
        chunk INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY(subject, chunk))""",
    """CREATE TABLE post_column(
        name TEXT NOT NULL, chunk INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY(name, chunk))""",
)

# -- scores anew, and the user's own
_JUDGEMENTS: Final = (
    # A scorer's row holds the scores of one version. `staged` names the scorer whose next version a row will be; it is
    # '' for a row whose scores are shown. See core.store.rescoring.
    "ALTER TABLE scorer ADD COLUMN staged TEXT NOT NULL DEFAULT ''",
    """CREATE TABLE rescoring(
        scorer INTEGER PRIMARY KEY REFERENCES scorer(id) ON DELETE CASCADE,
        cursor INTEGER NOT NULL, begun INTEGER NOT NULL, shift TEXT NOT NULL)""",
    "CREATE TABLE rescored(id INTEGER PRIMARY KEY, ended INTEGER NOT NULL, report TEXT NOT NULL)",
    # A store may hold posts from before a scorer existed.
    """INSERT INTO rescoring SELECT id, 0, 0, '' FROM scorer
        WHERE (SELECT count(*) FROM score WHERE score.scorer = scorer.id) < (SELECT count(*) FROM post)""",
    # What the user says of a post: a stance for all subjects (subject 0), or that it is off a subject's topic.
    """CREATE TABLE correction(
        post INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE, subject INTEGER NOT NULL,
        verdict TEXT NOT NULL, marked INTEGER NOT NULL, PRIMARY KEY(post, subject)) WITHOUT ROWID""",
    """CREATE TRIGGER correction_of_subject AFTER DELETE ON subject BEGIN
        DELETE FROM correction WHERE subject = old.id; END""",
    # Links of posts that are off topic wait here, so that nobody counts them; laid out as `link`.
    """CREATE TABLE off_topic(
        subject INTEGER NOT NULL REFERENCES subject(id) ON DELETE CASCADE,
        published INTEGER NOT NULL, post INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE,
        stated INTEGER NOT NULL, loud INTEGER NOT NULL, views INTEGER NOT NULL,
        PRIMARY KEY(subject, published, post)) WITHOUT ROWID""",
)

# The index merges its segments half as often while posts come in: an import is quicker, and a search as quick.
_MERGES: Final = ("INSERT INTO post_text(post_text, rank) VALUES('automerge', 8)",)

# What a calendar knows an event by: one that has moved there moves here.
_ORIGINS: Final = ("ALTER TABLE event ADD COLUMN origin TEXT NOT NULL DEFAULT ''",)

# Which counts of a post are lower bounds only: bit k for the kth of core.store.counts.COUNTS.
_BOUNDS: Final = ("ALTER TABLE post ADD COLUMN at_least INTEGER NOT NULL DEFAULT 0",)

# Step k leads from version k to version k + 1; a store is created by running all of them.
MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    _FIRST, _ACTIONS, _DRAWINGS, _COLUMNS, _JUDGEMENTS, _MERGES, _ORIGINS, _BOUNDS,
)  # fmt: skip
