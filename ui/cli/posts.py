"""`crowdtape posts`: what was said of a subject, newest or loudest first, always as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from core.model import DEFAULT_SCORER, subject_key
from ui.cli.context import add_span, existing_subject, span_of, zone_of
from ui.cli.output import count, plain, print_json, say

if TYPE_CHECKING:
    import argparse
    import datetime as dt

    from core.store import Census, StoredPost
    from ui.cli.context import Context


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `posts`."""
    parser = commands.add_parser("posts", parents=[common], help="the posts of a subject, as plain text")
    parser.add_argument("subject", metavar="SUBJECT")
    add_span(parser)
    parser.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many (default: 50)")
    parser.add_argument("--order", choices=("newest", "loudest"), default="newest", help="default: newest first")
    parser.add_argument("--search", default="", metavar="TEXT", help="only posts that hold all of these words")
    parser.add_argument("--scorer", default=DEFAULT_SCORER, metavar="NAME", help="whose scores (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=_posts)


def _posts(context: Context, args: argparse.Namespace) -> int:
    from core.corrections import scorer_named  # noqa: PLC0415 - not needed for --help

    if args.limit < 0:
        raise UsageError("--limit is the largest number of posts to show: write 0 or more.")
    with context.open_store() as store:
        scorer_named(store, args.scorer)
        subject = existing_subject(store, args.subject)
        zone = zone_of(subject, context.cache_dir)
        start, end = _after_until(args, zone)
        total = store.count_posts(subject, start, end, search=args.search)
        found = store.posts(
            subject, start, end, order=args.order, limit=args.limit, search=args.search, scorer=args.scorer
        )
        census = store.census(subject, start, end, args.scorer)
        simulated = bool(store.get("simulated"))
    if args.json:
        print_json(
            {
                "subject": subject_key(subject),
                "total": total,
                "echoes": census.echoes,
                "scored": census.scored,
                "languages": [{"language": c.language, "posts": c.posts, "scored": c.scored} for c in census.languages],
                "simulated": simulated,
                "posts": [_as_dict(p, zone) for p in found],
            }
        )
        return 0
    for post in found:
        _say_post(post, zone)
    more = f", the {args.order} {len(found):,} shown" if len(found) < total else ""
    say(f"{count(total, 'post')}{more}{' · SIMULATED' if simulated else ''}")
    if census.posts and not args.search:
        say(_census(census))
    return 0


def _census(census: Census) -> str:
    """Return how much of all that was said is an echo, and how much of each language was scored."""
    each = ", ".join(f"{c.language or 'no words'} {c.scored:,} of {c.posts:,}" for c in census.languages)
    echo = f"{100 * census.echoes / census.posts:.0f} % echo"
    return f"{echo} · {census.scored:,} of {census.posts:,} scored: {each}"


def _after_until(args: argparse.Namespace, zone: str) -> tuple[int | None, int | None]:
    """Return the span (after, until] in ms UTC that posts are counted in everywhere.

    Dates are whole days, midnight included. A time of day ends a span as a bar does: a post of that very instant
    belongs to what ends there.
    """
    start, end = span_of(args, zone)
    return (
        start - 1 if start is not None and _whole_days(args.start) else start,
        end - 1 if end is not None and _whole_days(args.end) else end,
    )


def _whole_days(text: str) -> bool:
    return ":" not in text and "T" not in text.upper()


def _as_dict(stored: StoredPost, zone: str) -> dict[str, Any]:
    post, score = stored.post, stored.score
    return {
        "time": _local(post.published, zone).isoformat(),
        "source": post.source,
        "id": post.id,
        "author": post.author,
        "text": post.text,
        "lang": post.lang,
        "tags": list(post.tags),
        "symbols": list(post.symbols),
        "followers": post.followers,
        "likes": post.likes,
        "comments": post.comments,
        "shares": post.shares,
        "views": post.views,
        "at_least": sorted(post.at_least),
        "repost": post.repost,
        "echo": stored.echo,
        "copies": stored.copies,
        "stance": post.stance,
        "url": post.url,
        "marked": stored.verdict or None,
        "score": None if score is None else score.value,
        "scorer": None if stored.scorer is None else str(stored.scorer),
        "collected": _local(stored.collected, zone).isoformat(),
    }


def _local(ms: int, zone: str) -> dt.datetime:
    from core.clock import local_time  # noqa: PLC0415 - not needed for --help

    return local_time(ms, zone)


def _say_post(stored: StoredPost, zone: str) -> None:
    post = stored.post
    score = "    –" if stored.score is None else f"{stored.score.value:+.2f}"
    counts = (("likes", post.likes, "♥"), ("comments", post.comments, "✎"), ("shares", post.shares, "⇄"),
              ("views", post.views, "◉"))  # fmt: skip
    loud = " ".join(f"{sign}{n:,}{'+' * (name in post.at_least)}" for name, n, sign in counts if n is not None)
    repost = " · repost" if post.repost else ""
    if stored.copies > 1:
        repost += f" · {'echo' if stored.echo else 'first'} of {stored.copies:,}"
    repost += f" · marked {stored.verdict}" if stored.verdict else ""
    who = f" · {post.author}" if post.author else ""
    when = f"{_local(post.published, zone):%Y-%m-%d %H:%M:%S}"
    say(f"{when}  {score}  {post.source}{who}{repost}{'  ' + loud if loud else ''}")
    for line in post.text.splitlines():
        if line.strip():
            say("    " + plain(line.strip()))
