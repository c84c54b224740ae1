"""The practitioner's program: pages in a browser window over one pen on a thread of its own."""
