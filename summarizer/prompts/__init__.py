"""The texts that a model is sent: shipped ones, and a user's own in their place."""

from summarizer.prompts.library import Library, load_prompts
from summarizer.prompts.parse import Prompt

__all__ = ["Library", "Prompt", "load_prompts"]
