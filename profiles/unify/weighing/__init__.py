"""How much speaks for two records being one person, learned from the data itself."""
