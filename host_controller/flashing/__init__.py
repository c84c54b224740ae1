"""Puts firmware on a pen: checks the file, backs up, writes, verifies; recovers what broke off."""
