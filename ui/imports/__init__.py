"""Importing files: what they seem to hold, what the user says of them, the process that reads them, its report."""
