"""Source tables as one numbered list of records with comparable features."""
