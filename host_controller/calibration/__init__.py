"""Trim of one pen: measured against a gauge and a strobe, judged, written, kept. Knows no page."""
