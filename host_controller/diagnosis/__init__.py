"""Checks a support engineer would ask for, each with its reason and next step."""
