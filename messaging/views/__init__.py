"""Pages under Journeys: Messages, Consent, Delivery."""
