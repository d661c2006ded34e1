"""Texts of strangers where Qt would guess at markup: tool tips and labels show them character for character."""

from __future__ import annotations

import html


def tip(text: str) -> str:
    """Return a tool tip that shows `text` as it is; Qt takes a tip that looks like markup for markup."""
    return f"<p style='white-space:pre-wrap'>{html.escape(text)}</p>" if text else ""
