"""How many tokens a text is: counted where the vocabulary can be had, else estimated.

tiktoken downloads a vocabulary on first use and sets no time limit to that, so it is
loaded on a thread that is waited for only so long. It keeps what it downloaded in the
folder named by ``TIKTOKEN_CACHE_DIR``, where that is set, else in the temporary folder.
"""

from __future__ import annotations

import math
import re
import threading
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tiktoken import Encoding

# Used for a model that tiktoken does not know: that of OpenAI's models since 2024.
_DEFAULT_ENCODING = "o200k_base"
# Longest wait for a vocabulary. One in the cache takes 0.6 s, the 3.6 MB over a slow line 5 s.
_LOAD_SECONDS = 8.0
# Code points handed to tiktoken at once: it slows down on a word of 1 MB and can overflow.
_PIECE = 10_000
# An estimate is raised by this: on 100 news pages it then fell short of o200k_base on three.
_MARGIN = 1.15
_TOKENS_PER_CHARACTER = (
    (r"[a-zA-Z\s]+", 1 / 4.6),  # English prose, spaces counted
    (r"[\x00-\x7f]", 1 / 1.4),  # figures and punctuation
    (r"[\u0080-\u07ff]+", 1 / 2.3),  # accented Latin, Greek, Cyrillic, Hebrew, Arabic
    (r"[\u0800-\u1fff]+", 1 / 1.0),  # Indic, Thai, Georgian, Ethiopic
    (r"[\u2000-\u206f]", 1 / 1.2),  # typographic quotes and dashes
    (r"[^\x00-\u206f]+", 1 / 1.2),  # Chinese, Japanese, Korean, symbols
)
_CLASSES = re.compile("|".join(f"({pattern})" for pattern, _ in _TOKENS_PER_CHARACTER))
_CUT = re.compile(rf"(?s).{{1,{_PIECE}}}(?=\s|\Z)|.{{1,{_PIECE}}}")


class TokenCounter:
    """Counts the tokens of texts as one model's tokenizer does.

    Nothing is loaded before the first call.

    Args:
        model: The model's name; ``o200k_base`` is used for one that tiktoken does not know.
        load: Returns the encoding of a model, or None where it cannot be had.
    """

    def __init__(
        self,
        model: str | None = None,
        *,
        load: Callable[[str | None], Encoding | None] | None = None,
    ) -> None:
        self.model = model
        self._load = load or load_encoding

    @property
    def exact(self) -> bool:
        """Whether tokens are counted with a vocabulary; False where they are estimated."""
        return self._load(self.model) is not None

    def __call__(self, text: str) -> int:
        """Return the number of tokens of ``text``."""
        encoding = self._load(self.model)
        if encoding is None:
            return estimate_tokens(text)
        pieces = [text] if len(text) <= _PIECE else _CUT.findall(text)
        return sum(len(encoding.encode_ordinary(piece)) for piece in pieces)


def estimate_tokens(text: str) -> int:
    """Return about how many tokens ``text`` is, rather too many than too few.

    It is never more than the bytes of the text in UTF-8, which no tokenizer of bytes exceeds.
    """
    tokens = 0.0
    for match in _CLASSES.finditer(text):
        rate = _TOKENS_PER_CHARACTER[(match.lastindex or 1) - 1][1]
        tokens += rate * (match.end() - match.start())
    return min(math.ceil(tokens * _MARGIN), bytes_of(text))


def bytes_of(text: str) -> int:
    """Return the number of bytes of ``text`` in UTF-8, lone surrogates included."""
    return len(text.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=8)
def load_encoding(model: str | None = None, seconds: float = _LOAD_SECONDS) -> Encoding | None:
    """Return the encoding of a model, or None where it was not there within ``seconds``."""
    loaded: list[Encoding] = []

    def load() -> None:
        # Whatever is wrong here (no network, a full disk, a broken file), the answer is to
        # estimate: counting tokens never fails a run.
        with suppress(Exception):
            loaded.append(_model_encoding(model))

    # A daemon, so that a download which hangs does not keep the program from ending.
    thread = threading.Thread(target=load, name="load-vocabulary", daemon=True)
    thread.start()
    thread.join(seconds)
    return loaded[0] if loaded else None


def _model_encoding(model: str | None) -> Encoding:
    import tiktoken

    try:
        return tiktoken.encoding_for_model(model or "")
    except KeyError:
        return tiktoken.get_encoding(_DEFAULT_ENCODING)
