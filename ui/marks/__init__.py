"""Keeping what the user marks on charts: undo and redo, the store, dialogs, and the bar of tools."""
