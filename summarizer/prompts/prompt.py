"""One prompt: a text with ``$variables``, and a hash of all in it that decides answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from string import Template

from summarizer.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """The text of one stage.

    Args:
        name: The stage's name.
        version: A whole number, raised with every change of the text.
        schema: The reply it is answered with, by name; "none" where it is not JSON.
        purpose: What it is for, in one sentence for people.
        text: A ``string.Template``, without white space around it.
        path: The file it was read from.
        overridden: Whether that is a user's own file and not the shipped one.
    """

    name: str
    version: int
    schema: str
    purpose: str
    text: str
    path: Path
    overridden: bool = False

    @property
    def sha256(self) -> str:
        """The hash of all that decides answers, in hexadecimal; the purpose does not."""
        decisive = [self.name, self.version, self.schema, self.text]
        return hashlib.sha256(json.dumps(decisive).encode()).hexdigest()

    @property
    def variables(self) -> frozenset[str]:
        """The names of the variables in the text."""
        return frozenset(Template(self.text).get_identifiers())

    def fill(self, /, **values: str) -> str:
        """Return the text with each variable replaced by its value as it is.

        Raises:
            UsageError: A variable has no value, or a value no variable.
        """
        known = self.variables
        for name in sorted(known - values.keys()):
            raise UsageError(f"The prompt {self.name} is missing ${name}.", hint=_known(known))
        for name in sorted(values.keys() - known):
            raise UsageError(f"The prompt {self.name} has no variable ${name}.", hint=_known(known))
        return Template(self.text).substitute(values)

    def document(self) -> str:
        """Return the prompt as a file holds it, front matter first."""
        return (
            f"---\nname: {self.name}\nversion: {self.version}\nschema: {self.schema}\n"
            f"purpose: {self.purpose}\n---\n{self.text}\n"
        )


def _known(names: Iterable[str]) -> str:
    listed = ", ".join(f"${name}" for name in sorted(names))
    return f"Its variables are {listed}." if listed else "It has no variables."
