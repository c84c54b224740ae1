"""One file for each version of the tables; never changed after a release."""
