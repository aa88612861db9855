"""Groups above the person."""
