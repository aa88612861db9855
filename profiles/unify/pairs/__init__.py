"""Which pairs of records are looked at, and how alike their values are."""
