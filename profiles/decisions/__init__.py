"""What people said of pairs of records: one person, or not."""
