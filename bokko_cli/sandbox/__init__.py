"""A loopback server that behaves like Billingo's API v3 and the Számla Agent, with no account behind it."""
