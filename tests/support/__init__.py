"""Real things for tests to run against: an SMTP server, a worker, a browser. docs/testing.md lists the fixtures."""
