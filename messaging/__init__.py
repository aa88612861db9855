"""Messages, delivery and consent."""
