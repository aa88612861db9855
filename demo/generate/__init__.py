"""Generates a retailer's customer data with known truth: who each record of three systems really is."""
