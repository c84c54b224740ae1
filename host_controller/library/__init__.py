"""Starting values and limits per zone, as data with source and approval state."""
