"""Runs that look at what changed, and end as a full run would."""
