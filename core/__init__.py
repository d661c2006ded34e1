"""Everything that Crowdtape computes without a screen. Nothing in here imports Qt or pyqtgraph."""
