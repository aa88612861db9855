"""What people are asked and told about a result: the review queue, quality, explanations, what-if."""
