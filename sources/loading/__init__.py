"""From a connector's batches to a published table: typing, keys, quarantine, publication."""
