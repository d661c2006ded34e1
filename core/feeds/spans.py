"""Arithmetic of half-open spans [start, end) of time: what was asked already and what is missing.

Times are int ms UTC; lists of spans are in order, disjoint and not touching.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Span: TypeAlias = tuple[int, int]


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the union of spans in any order, overlapping or not; empty ones vanish."""
    merged: list[Span] = []
    for start, end in sorted(s for s in spans if s[0] < s[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def missing(wanted: Span, covered: Iterable[Span]) -> list[Span]:
    """Return the parts of `wanted` that lie in none of the `covered` spans."""
    start, end = wanted
    gaps: list[Span] = []
    for low, high in union(covered):
        if start >= end:
            break
        if low > start:
            gaps.append((start, min(low, end)))
        start = max(start, high)
    if start < end:
        gaps.append((start, end))
    return [g for g in gaps if g[0] < g[1]]


def pieces(span: Span, longest: int | None) -> list[Span]:
    """Cut a span into neighbouring pieces no longer than `longest` ms, the oldest first."""
    start, end = span
    if longest is None or end - start <= longest:
        return [span] if start < end else []
    return [(low, min(low + longest, end)) for low in range(start, end, longest)]
