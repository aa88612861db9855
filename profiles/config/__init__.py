"""The configuration of unification: its verbs, checks and words, and per step the forms and previews."""
