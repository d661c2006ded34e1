"""Live prices: from the stream to the charts."""
