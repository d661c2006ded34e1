"""How the crowd model is fitted and checked: `python -m core.sentiment.fit DATA_DIR`. Not needed to score."""
