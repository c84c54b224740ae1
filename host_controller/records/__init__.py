"""Treatment records: what was planned, what the pen did, kept so that a change shows."""
