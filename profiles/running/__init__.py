"""A run of unification, from source tables to what readers see."""
