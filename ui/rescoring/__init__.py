"""Scores that are made anew in the background: what is under way, and what it moved."""
