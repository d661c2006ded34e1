"""What the user marks on a chart: where it stands in pixels, what of it the pointer meets, and how it is made."""
