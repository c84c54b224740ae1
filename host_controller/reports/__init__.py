"""What leaves the program for people and other systems: PDF reports, leaflets, FHIR, figures."""
