"""What the user does with the panes of a chart: add, order, configure, and keep the arrangement by name."""
