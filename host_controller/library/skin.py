"""Zones that are, at least in part, the same skin: treated together, each point is meant once.

Pure.
"""

SAME_SKIN = ({"cheek", "cheek-acne-scar"},)


def share_skin(one: str, other: str) -> bool:
    """Whether two zones are, at least in part, the same skin."""
    return one == other or any(one in group and other in group for group in SAME_SKIN)
