"""One to four charts side by side: each with what it shows and what reads it; which of them is active; their links."""
