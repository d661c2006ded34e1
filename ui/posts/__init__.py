"""The posts behind a point of the chart, as plain text, with the words that made their scores."""
