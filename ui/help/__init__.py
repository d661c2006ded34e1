"""The page of keys, the palette, what this program is."""
