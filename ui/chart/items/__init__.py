"""One kind of drawing a file. An item takes columns of numpy in `set_data` and paints them on two scales.

Items know no pane, no widget and no clock. They leave the painter's pen and brush as they like; nothing else of it.
Nothing is drawn outside of the scales' pixels, for an SVG file knows no clipping.
"""
