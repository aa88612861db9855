"""Pages of customers, unification and activities."""
