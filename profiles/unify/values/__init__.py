"""Values made comparable: names, dates, telephones and texts, distinct values only."""
