"""From people to one row each: ids that stay, and whose value wins."""
