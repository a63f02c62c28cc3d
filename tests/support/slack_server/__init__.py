"""A Slack of our own on the loopback: its Web API, Socket Mode, events, limits and faults."""
