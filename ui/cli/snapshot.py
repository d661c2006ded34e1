"""`crowdtape snapshot`: the chart of a subject as a picture, with its provenance beside it."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import CrowdtapeError, UsageError
from core.layout import DEFAULT_LAYOUT
from ui.cli.context import add_span, span_of
from ui.cli.files import refuse_existing
from ui.cli.output import complain, print_json, say
from ui.cli.tapes import add_choices, add_clock, add_interval, add_lines, compared_symbols, read_tape

if TYPE_CHECKING:
    from core.layout import Layout
    from ui.cli.context import Context

_ENDINGS = (".png", ".svg", ".pdf")
_SMALLEST, _LARGEST = 100, 10_000
_MOST_PIXELS = 200_000_000


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `snapshot`."""
    parser = commands.add_parser("snapshot", parents=[common], help="write a chart as PNG, SVG or PDF")
    parser.add_argument("subject", metavar="SUBJECT")
    add_span(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="F.png|.svg|.pdf", help="the file to write")
    parser.add_argument("--size", type=size, default=(1600, 900), metavar="WxH", help="in points (default: 1600x900)")
    parser.add_argument("--scale", type=_scale, default=1.0, metavar="N", help="pixels a point in a PNG (default: 1)")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark", help="default: dark")
    add_clock(parser, "squeeze the hours when the market is shut, or not (default: trading)")
    parser.add_argument("--tz", type=_zone, metavar="ZONE", help="show times in it (default: the exchange's)")
    add_interval(parser, "--interval", "length of a bar (default: 1d)")
    parser.add_argument("--layout", default="", metavar="NAME", help="a layout of panes that was saved in the window")
    add_choices(parser)
    add_lines(parser)
    parser.add_argument(
        "--style", choices=("candles", "hollow", "bars", "line", "area"), help="how prices are drawn (default: candles)"
    )
    parser.add_argument("--axis", choices=("linear", "log", "percent"), help="the price axis (default: linear)")
    parser.add_argument("--overwrite", action="store_true", help="let --out replace a file")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=_snapshot)


def _with_options(layout: Layout, args: argparse.Namespace, compared: tuple[str, ...]) -> Layout:
    """Return the layout with the studies, symbols and looks that were asked for on its price pane."""
    from core.analysis.studies import parse_study  # noqa: PLC0415 - not needed for --help
    from core.analysis.study_panes import with_study  # noqa: PLC0415 - as above

    price = next((p for p in layout.panes if p.kind == "price"), None)
    chosen = {"style": args.style, "axis": args.axis, "compared": compared}
    chosen = {name: value for name, value in chosen.items() if value}
    if chosen and price is None:
        raise UsageError(f"The layout has no price pane for {', '.join(chosen)}.")
    if price is not None:
        layout = layout.replaced(price.with_options(**chosen))
    for text in args.studies:
        layout = with_study(layout, parse_study(text), price.key if price is not None else "")
    return layout


def size(text: str) -> tuple[int, int]:
    """Read `1600x900`; raises argparse.ArgumentTypeError."""
    found = re.fullmatch(r"(\d+)[x×](\d+)", text.strip().lower())
    if not found or not all(_SMALLEST <= int(n) <= _LARGEST for n in found.groups()):
        raise argparse.ArgumentTypeError(f"'{text}' is no size; write 1600x900, each side from 100 to 10000")
    return int(found[1]), int(found[2])


def _zone(text: str) -> str:
    from core.clock.zones import zone_info  # noqa: PLC0415 - not needed for --help

    try:
        return zone_info(text).key
    except CrowdtapeError as error:
        raise argparse.ArgumentTypeError(str(error).rstrip(".")) from error


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = 0.0
    if not 0.25 <= scale <= 8:
        raise argparse.ArgumentTypeError(f"'{text}' is no scale; write a number from 0.25 to 8, such as 2")
    return scale


def _snapshot(context: Context, args: argparse.Namespace) -> int:
    if args.out.suffix.lower() not in _ENDINGS:
        raise UsageError(f"{args.out} must end in .png, .svg or .pdf, which says what is written.")
    if args.size[0] * args.size[1] * args.scale**2 > _MOST_PIXELS:
        raise UsageError("That picture would have more than 200 million pixels; choose a smaller --size or --scale.")
    refuse_existing(args.out, overwrite=args.overwrite)
    from core.clock import make_clock  # noqa: PLC0415 - not needed for --help
    from core.timeline import View  # noqa: PLC0415 - as above
    from ui.cli.painting import Look, offscreen_qt, paint  # noqa: PLC0415 - as above

    offscreen_qt()
    from ui.chart.panes import needs_of  # noqa: PLC0415 - Qt, after the platform is chosen

    layout = context.layouts.get(args.layout) if args.layout else DEFAULT_LAYOUT
    layout = _with_options(layout, args, compared_symbols(context, args.compare))
    tape = read_tape(context, args, args.interval, needs_of(layout))
    if tape.extent is None:
        raise CrowdtapeError(
            f"Nothing is stored of {args.subject} yet; import posts or prices, or fetch them with crowdtape fetch."
        )
    start, end = span_of(args, tape.calendar.zone)
    span = (tape.extent[0] if start is None else start, tape.extent[1] if end is None else end)
    if span[0] >= span[1]:
        raise CrowdtapeError(f"Nothing is stored of {args.subject} in that range.")
    view = View(tape, make_clock(args.clock, tape.calendar))
    written = paint(view, span, args.out, Look.of(args), layout=layout, overwrite=args.overwrite)
    if tape.provenance.simulated:
        complain("SIMULATED: these prices or posts are invented, not real; the picture says so.")
    if args.json:
        print_json({"files": [str(p) for p in written]})
    else:
        say(f"Wrote {', '.join(str(p) for p in written)}")
    return 0
