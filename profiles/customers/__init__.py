"""What is read about customers: lists, and all that the page of one of them shows."""
