"""One part of the pen each: from codes and edges to units, from commands to outputs."""
