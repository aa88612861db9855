"""The verbs of `manage.py unify`, one module each: `HELP`, `add_arguments(parser)`, `handle(options)` → what `--json`
prints, and `lines(found)` → the same in words."""
