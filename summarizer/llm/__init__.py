"""The one door to a model: only this package knows ``openai`` and the cache."""
