"""The texts that a model is sent: shipped ones, and a user's own in their place."""

from summarizer.prompts.library import Library, Prompt, check, load_prompts

__all__ = ["Library", "Prompt", "check", "load_prompts"]
