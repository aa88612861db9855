"""The columnar store and its catalog."""
