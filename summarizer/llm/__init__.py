"""The one door to a model: requests, replies, back ends, and the wrappers around them.

Only this package knows ``openai`` and the cache. ``open_session`` puts the stack together.
"""
