"""Carrying out a plan: zones, arming, what was measured, the record. No screen, no prompts."""
