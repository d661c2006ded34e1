"""What the studies of core are called, for the catalogue of translations: core itself knows no languages."""

from __future__ import annotations

from ui.i18n import later

STUDY_WORDS = (
    later("Simple moving average"),
    later("Exponential moving average"),
    later("Bollinger bands"),
    later("Volume-weighted average price"),
    later("Relative strength index"),
    later("Moving average convergence divergence"),
    later("Average true range"),
    later("Length"),
    later("Standard deviations"),
    later("Begins anew every"),
    later("Session"),
    later("Week"),
    later("Month"),
    later("Year"),
    later("Lower level"),
    later("Upper level"),
    later("Fast length"),
    later("Slow length"),
    later("Signal length"),
    later("Open"),
    later("High"),
    later("Low"),
    later("Close"),
    later("(High + low) / 2"),
    later("(High + low + close) / 3"),
    later("(Open + high + low + close) / 4"),
    later("Volume"),
    later("Sentiment"),
    later("Share of bulls"),
    later("Share of bears"),
    later("Bulls minus bears"),
    later("Dispersion"),
    later("Posts"),
)
