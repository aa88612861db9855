"""Reading files: bytes in, batches of text or native values with their places out. No Django models here."""
