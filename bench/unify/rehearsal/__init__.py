"""Data sets that nothing was tuned to: other columns, languages and kinds of errors than the demo's, with known truth."""
