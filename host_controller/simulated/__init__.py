"""A simulated pen beside the host: its process, its control port, and a scripted operator.

The host starts it as a subprocess and talks to it over sockets; no code is shared with it.
"""
