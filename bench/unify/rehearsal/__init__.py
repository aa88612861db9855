"""Data sets that nothing was tuned to: other columns, languages and errors than the demo's, with known truth."""
