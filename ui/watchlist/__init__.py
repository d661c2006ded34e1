"""The watchlist: pinned subjects first, each with its price, its crowd and its recent course."""
