"""What a run of unification goes from: the source tables, and how the last run ended."""
