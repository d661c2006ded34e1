"""`crowdtape series`: price, crowd and metrics bar by bar, as CSV, JSON or Parquet."""

from __future__ import annotations

import csv
import io
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from core.model import subject_key
from ui.cli.context import add_span, span_of
from ui.cli.files import write_new
from ui.cli.output import complain, iso_utc, json_text, write_bytes
from ui.cli.tapes import (
    add_choices,
    add_clock,
    add_crowd,
    add_interval,
    add_lines,
    compared_symbols,
    crowd_key,
    read_tape,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from core.layout import StudySpec
    from core.timeline import Table, Tape
    from core.timeline.lines import Line
    from ui.cli.context import Context

_FORMATS = ("csv", "json", "parquet")
_COUNTS = frozenset({"posts", "scored", "authors"})
_PIECE = 20_000


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `series`."""
    parser = commands.add_parser(
        "series", parents=[common], help="price, posts, sentiment and metrics as a table, one row a bar"
    )
    parser.add_argument("subject", metavar="SUBJECT")
    add_span(parser)
    add_interval(parser, "--every", "length of a row (default: 1d, a session of the exchange)")
    add_clock(parser, "rows are bars that take in what was said since the last close, or plain spans of time")
    parser.add_argument("--format", choices=_FORMATS, help="default: csv, or as the name in --out ends")
    parser.add_argument("--json", action="store_true", help="the same as --format json")
    add_choices(parser)
    add_lines(parser)
    add_crowd(parser)
    parser.add_argument(
        "--half-life",
        type=float,
        default=24.0,
        metavar="HOURS",
        help="how long a post takes to count half as much in sentiment_ema (default: 24)",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write to a new file instead of stdout")
    parser.add_argument("--overwrite", action="store_true", help="let --out replace a file")
    parser.set_defaults(run=_series)


def _series(context: Context, args: argparse.Namespace) -> int:
    form = _format(args)
    if form == "parquet" and args.out is None and sys.stdout.isatty():
        raise UsageError("Parquet is not for a terminal; name a file with --out or redirect the output.")
    from core.analysis.studies import parse_study  # noqa: PLC0415 - not needed for --help
    from core.timeline import make_table  # noqa: PLC0415 - as above
    from core.timeline.crowd_columns import Measures  # noqa: PLC0415 - as above
    from core.timeline.request import CrowdKey, Needs  # noqa: PLC0415 - as above

    specs = [parse_study(text) for text in args.studies]
    if not args.half_life > 0:
        raise UsageError("--half-life is a time in hours: write more than 0.")
    key = crowd_key(args)
    needs = Needs(
        crowds=frozenset({key}) - {CrowdKey()},
        compared=compared_symbols(context, args.compare),
        audiences=frozenset({key}),
    )
    tape = read_tape(context, args, args.every, needs)
    start, end = span_of(args, tape.calendar.zone)
    extent = tape.extent or (0, 0)
    table = make_table(
        tape,
        extent[0] if start is None else start,
        extent[1] if end is None else end,
        args.clock,
        _lines(tape, specs),
        Measures(key, args.half_life),
    )
    about = _about(tape, args)
    if form == "csv":
        content = _csv(table)
    elif form == "json":
        content = _json(table, about)
    else:
        content = _parquet(table, tape.calendar.zone, about)
    if args.out is None:
        for piece in content:
            write_bytes(piece)
    else:
        write_new(args.out, content, overwrite=args.overwrite)
    if tape.provenance.simulated:
        complain("SIMULATED: these prices or posts are invented, not real.")
    return 0


def _lines(tape: Tape, studies: list[StudySpec]) -> dict[str, Line]:
    """Return the columns that were asked for beside the usual ones, by their names."""
    from core.analysis.studies import study_columns  # noqa: PLC0415 - not needed for --help

    lines = {c.instrument.symbol: c.close for c in tape.compared}
    for spec in studies:
        lines |= study_columns(tape, spec)
    return lines


def _format(args: argparse.Namespace) -> str:
    if args.json and args.format not in {None, "json"}:
        raise UsageError(f"--json and --format {args.format} exclude each other.")
    if args.json:
        return "json"
    if args.format is not None:
        return args.format
    ending = args.out.suffix.lower().lstrip(".") if args.out is not None else ""
    return ending if ending in _FORMATS else "csv"


def _about(tape: Tape, args: argparse.Namespace) -> dict[str, Any]:
    """Return where the figures come from."""
    p = tape.provenance
    return {
        "subject": subject_key(tape.subject),
        "every": str(args.every),
        "clock": str(args.clock),
        "zone": tape.calendar.zone,
        "simulated": p.simulated,
        "crowd": p.crowd,
        "basis": None if p.basis is None else str(p.basis),
        "price_source": p.price_source,
        "price_fetched": iso_utc(p.price_fetched),
        "post_sources": dict(p.post_sources),
        "collected": iso_utc(p.collected),
        "scorer": None if p.scorer is None else str(p.scorer),
        "metrics": {m.metric.name: {"kind": str(m.metric.kind), "source": m.metric.source} for m in tape.metrics},
        "only": {"sources": args.source, "languages": args.language, "each_text_once": args.once},
        "half_life_hours": args.half_life,
        "notes": [n for n in (*p.notes, tape.calendar.note) if n],
    }


def _pieces(table: Table) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows some thousand at a time, what is missing as None: years of minutes would not fit into lists."""
    for first in range(0, len(table), _PIECE):
        parts = [_plain(values[first : first + _PIECE]) for values in table.columns.values()]
        yield list(zip(*parts, strict=True))


def _plain(values: Any) -> list[Any]:
    found = values if isinstance(values, list) else values.tolist()
    return [None if isinstance(v, float) and not math.isfinite(v) else v for v in found]


def _json(table: Table, about: dict[str, Any]) -> Iterator[bytes]:
    """Yield one JSON object on one line."""
    names = list(table.columns)
    yield (json_text({**about, "columns": names}).removesuffix("}") + ', "rows": [').encode()
    comma = ""
    for rows in _pieces(table):
        yield (comma + json_text([dict(zip(names, row, strict=True)) for row in rows])[1:-1]).encode()
        comma = ", "
    yield b"]}\n"


def _csv(table: Table) -> Iterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    for rows in _pieces(table):
        writer.writerows([_cell(v) for v in row] for row in rows)
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()


def _cell(value: Any) -> str:
    """Return the shortest text that reads back as the same number; whole numbers without a point."""
    if value is None:
        return ""
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _parquet(table: Table, zone: str, about: dict[str, Any]) -> Iterator[bytes]:
    """Yield the table with typed columns; what it is made of stands in the metadata under `crowdtape`."""
    import datetime as dt  # noqa: PLC0415 - with pyarrow, 100 ms that only this needs

    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import parquet  # noqa: PLC0415 - as above

    arrays: dict[str, Any] = {}
    for name, values in table.columns.items():
        if name == "time":
            times = [dt.datetime.fromisoformat(str(t)) for t in values]
            arrays[name] = pa.array(times, pa.timestamp("ms", tz=zone))
        else:
            kind = pa.int64() if name in _COUNTS else pa.float64()
            arrays[name] = pa.array(values, kind, from_pandas=True)  # which makes NaN a null
    made = pa.table(arrays).replace_schema_metadata({"crowdtape": json_text(about)})
    target = io.BytesIO()
    parquet.write_table(made, target)
    yield target.getvalue()
