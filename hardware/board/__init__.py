"""The electronics of the pen as numbers: what firmware and plant must agree on."""
