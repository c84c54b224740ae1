"""Motion that executes what the supervisor grants: needle rate, depth, parking."""
