"""Adding an instrument: by symbol, or by a company's name through the price feed's search."""
