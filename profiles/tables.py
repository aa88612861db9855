"""The tables of the lake in which it stands who is who."""

LINKS, PROFILES, PROVENANCE = "unified.links", "unified.profiles", "unified.provenance"
FORMER, REVIEW, GROUPS = "unified.former", "unified.review", "unified.groups"
# What every run writes.
WRITTEN = (LINKS, PROFILES, PROVENANCE, GROUPS)
