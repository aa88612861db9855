"""What happened to people: tables linked to them, and what of it counts as an activity."""
