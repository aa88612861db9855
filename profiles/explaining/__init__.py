"""Why two are one person, and why they are not."""
