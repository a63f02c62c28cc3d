"""Evals: did a change of a prompt, a model or the code make the diff better or worse?

``cases`` reads the labelled stories, ``runs`` runs them, ``metrics`` scores what came out,
``statistics`` says what a difference is worth, ``gate`` whether it may pass.
"""
