"""What is computed from tapes rather than read from the store."""
