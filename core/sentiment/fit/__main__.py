"""Fit the crowd model: `python -m core.sentiment.fit DATA_DIR [--out FILE] [--folds N] [--no-check]`.

Writes the model and, beside it, its card. The same data give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.errors import CrowdtapeError
from core.sentiment.crowd_model import Calibration, Shape, read_model, write_model
from core.sentiment.fit.card import APART, ROWS, SET, HeldOut, write_card
from core.sentiment.fit.check import General, Kinds, by_row, by_set, calibrate, chances
from core.sentiment.fit.data import BEAR, BULL, read_sets
from core.sentiment.fit.prior import read_prior
from core.sentiment.fit.train import OFFSET, Matrix, build, fit, strength

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.sentiment.crowd_model import Model
    from core.sentiment.fit.check import Sums

OUT = Path("resources/sentiment/crowd.model")
FOLDS = 20  # near what the whole of a set teaches; with five, areas are up to 0.004 less
# A weight below this moves a post of ten words by less than 0.005 logits; leaving it out makes room and saves time.
SMALLEST = 0.02
# What VADER's compound counts in general English, in units of the sums: with less, VADER's tweets are judged worse than
# by VADER alone; with more, film reviews lose 0.01 of area a unit. What is known of neutral counts half in general
# talk: VADER's sets are ranked better so, unseen ones as well.
GENERAL = General(vader=3.0, calm=0.5)
# What neutral sums count in Chinese. By rows held out it would be 1.3, by sets left out next to nothing: neutral is
# known of two sets of Weibo posts alone, which says little of what is neutral in stock forums and headlines.
CHINESE_NEUTRAL = 0.3
# Only used where nothing is checked.
_UNCHECKED = Calibration(1.0, 1.0, -1.0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, check, and write the model and its card; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m core.sentiment.fit", description="Fit the crowd model.")
    parser.add_argument("data", type=Path, help="folder of label<TAB>text sets")
    parser.add_argument("--out", type=Path, default=OUT, help=f"the model (default: {OUT}); its card stands beside it")
    parser.add_argument("--no-check", action="store_true", help="fit only: no cross-validation, no calibration")
    parser.add_argument("--folds", type=int, default=FOLDS, help=f"parts for the check by rows (default: {FOLDS})")
    chosen = parser.parse_args(arguments)
    try:
        run(chosen.data, chosen.out, count=0 if chosen.no_check else chosen.folds)
    except (CrowdtapeError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def run(folder: Path, out: Path, *, count: int) -> None:
    """Fit on the sets in the folder; write `out` and the card beside it. Checked by so many folds, or not at all."""
    begun = time.monotonic()

    def say(what: str) -> None:
        sys.stderr.write(f"{time.monotonic() - begun:6.0f} s  {what}\n")

    data = read_sets(folder)
    say(f"{len(data.texts)} texts in {len(data.sets)} sets")
    matrix = build(data, read_prior())
    say(f"{len(matrix.names)} features, {len(matrix.items)} items, {len(matrix.texts.columns)} occurrences")
    kinds = Kinds.of(data.texts)
    held_out = None
    latin = chinese = _UNCHECKED
    if count:
        rows = by_row(matrix, data, count)
        say("rows held out")
        apart = by_row(matrix, data, count, apart=True)
        say("rows held out, each by itself")
        sets = by_set(matrix, data)
        say("sets left out")
        by_rows, by_itself, by_sets = GENERAL.applied(data, kinds, rows[0], apart[0], sets[0])
        # By rows: in sets left out the neutral line is another, and would all but silence what is known of neutral.
        latin = calibrate(data, by_rows, rows[1] & ~kinds.chinese)
        chinese = calibrate(data, by_rows, rows[1] & kinds.chinese, counted=CHINESE_NEUTRAL)
        ways = {ROWS: by_rows, APART: by_itself, SET: by_sets}
        held_out = HeldOut(count, {way: chances(sums, kinds, latin, chinese) for way, sums in ways.items()})
    fitted = fit(matrix, data, data.having([known.fitted for known in data.sets])).weights
    say("fitted")
    weights, pairs = _kept(matrix, fitted)
    shape = Shape(latin, chinese, OFFSET, GENERAL.vader, GENERAL.calm)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_model(out, shape, weights, pairs)
    moved = _moved(matrix, fitted, read_model(out), kinds)
    card = write_card(
        data,
        held_out,
        words=len(weights),
        pairs=len(pairs),
        size=out.stat().st_size,
        moved=moved,
        shape=shape,
    )
    out.with_suffix(".md").write_text(card, encoding="utf-8", newline="\n")
    say(f"wrote {out} and its card")


def _kept(matrix: Matrix, fitted: Sums) -> tuple[dict[str, complex], dict[tuple[str, str], complex]]:
    """Return the weights worth keeping, of words and of pairs."""
    weights: dict[str, complex] = {}
    pairs: dict[tuple[str, str], complex] = {}
    for name, plain in zip(matrix.names, fitted.tolist(), strict=True):
        weight = plain * strength(name)
        if max(abs(weight.real), abs(weight.imag)) < SMALLEST:
            continue
        left, blank, right = name.partition(" ")
        if blank:
            pairs[left, right] = weight
        else:
            weights[name] = weight
    return weights, pairs


def _moved(matrix: Matrix, fitted: Sums, model: Model, kinds: Kinds) -> float:
    """Return how far rounding and leaving out moves a score on average."""
    known = model.weights_of(matrix.names)
    kept = np.array([known.get(name, 0j) for name in matrix.names])
    fine = matrix.texts.times(matrix.parts.times(fitted))
    # The model's weights have the features' strengths in them.
    coarse = matrix.texts.times(matrix.parts._replace(factors=np.ones_like(matrix.parts.factors)).times(kept))
    before, after = (chances(sums, kinds, model.shape.latin, model.shape.chinese) for sums in (fine, coarse))
    return float(np.mean(np.abs(before[:, BULL] - before[:, BEAR] - after[:, BULL] + after[:, BEAR])))


if __name__ == "__main__":
    sys.exit(main())
