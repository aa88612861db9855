"""The kinds of normalisers; importing this package registers them all."""

from profiles.unify.normalisers import (  # noqa: F401
    addresses,
    dates,
    general,
    mail,
    organisations,
    people,
    phone,
    steps,
)
