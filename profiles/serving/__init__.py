"""The serving copy of the profiles in the database, for pages, search and messages."""
