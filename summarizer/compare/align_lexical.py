"""The aligner that goes by words."""

from __future__ import annotations

from summarizer.compare.alignment import AlignedFact, Alignment
from summarizer.compare.story import Story
from summarizer.types import Mention


class LexicalAligner:
    """Stands in until the aligner by words is there: every claim is alone."""

    name = "lexical"
    prompts = ()

    def align(self, story: Story) -> Alignment:
        """Return every claim as a fact of its own."""
        return Alignment(
            facts=tuple(
                AlignedFact(
                    text=claim.text,
                    kind=claim.kind,
                    mentions=(
                        Mention(article=claim.article, wording=claim.text, evidence=claim.evidence),
                    ),
                )
                for claim in story.claims
            )
        )
