"""What a server's errors mean, and its words without secrets.

A server may repeat what it was sent: a password or a key of its address, a header.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote

from summarizer import errors
from summarizer.errors import ServerFailed, ServiceError, Unreachable
from summarizer.text.data import load

if TYPE_CHECKING:
    import httpx2

HIDDEN = "…"  # stands for what may be a secret
SHORTEST, SHORTEST_HEADER = 4, 6  # characters of a secret in an address, in a header
QUOTED = 200  # characters of a server's own message that are shown: a sentence or two
SCANNED = 10_000  # characters of it that are read: what it means stands near its beginning
LEAST_LIMIT = 128  # tokens from which a number in a server's words can be its limit
NESTED = 4  # errors within errors that are read: a gateway's, its provider's, and one more
_ARTICLE_WORD = re.compile(r"[a-z]{1,7}|\d{1,4}")  # not looked for in what a model wrote
_URL_SAFE = str.maketrans("+/", "-_")
_KEY = re.compile(r"(?i)\bsk-[\w*.-]{3,}")
_VERSION = re.compile(r"v?[\d.]+|\d{4}-\d\d-\d\d(-preview)?|(?i:true|false|latest|preview)")
_PUBLIC_HEADER = re.compile(
    "accept|accept-encoding|connection|content-length|content-type|host|user-agent|x-stainless-.*"
)
_ECHO = re.compile(r"""["']input["']\s*:""")  # where a validator begins to repeat the request
_PAGE = re.compile(r"(?i)\s*<(!doctype|html|head|body|\?xml|center|h1|title)\b")
_TITLE = re.compile(r"(?is)<title>(.{0,200}?)</title>")
_SEPARATORS = re.compile(r"[\W_]+")
_CALLED = load("dialects", __package__)["error"]


class Redactor:
    """Takes secrets out of texts, in whatever case they are, quoted or in base64."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets for form in _written_forms(secret)}
        self._everywhere = _any_of(forms)
        self._in_answers = _any_of(form for form in forms if not _ARTICLE_WORD.fullmatch(form))

    @classmethod
    def of(cls, request: httpx2.Request) -> Redactor:
        """Return what hides the secrets of a request: of its address and of its headers."""
        url = request.url
        values = [value for _, value in parse_qsl(url.query.decode("ascii", "replace"))]
        secrets = {value for value in values if not _VERSION.fullmatch(value)}
        secrets = {each for each in secrets | {url.username, url.password} if len(each) >= SHORTEST}
        for name, value in request.headers.items():
            if not _PUBLIC_HEADER.fullmatch(name):
                parts = {value, value.rpartition(" ")[2]}
                secrets |= {part for part in parts if len(part) >= SHORTEST_HEADER}
        return cls(secrets)

    def text(self, text: str) -> str:
        """Return a server's words without secrets."""
        return _KEY.sub(HIDDEN, self._everywhere.sub(HIDDEN, text))

    def answer(self, value: Any) -> Any:
        """Return a JSON value of an answer without secrets, in all its texts and names."""
        if isinstance(value, str):
            return self._in_answers.sub(HIDDEN, value)
        if isinstance(value, list):
            return [self.answer(item) for item in value]
        if isinstance(value, dict):
            return {self.answer(name): self.answer(item) for name, item in value.items()}
        return value


def _written_forms(secret: str) -> set[str]:
    """Return how a secret may stand in a text, but for capitals: quoted, or in base64."""
    bare = unquote(secret)
    forms = {secret, bare, quote(bare, safe=""), quote(bare), quote_plus(bare)} - {""}
    encoded = set()
    # Base64 depends on how many bytes stand before a secret, in threes. Characters that encode
    # bytes beside it too are left out, but for those at the end of a secret alone.
    for cased in {text for form in forms for text in (form, form.upper(), form.lower())}:
        for before in range(3):
            data = bytes(before) + cased.encode()
            text = b64encode(data).decode().rstrip("=")
            encoded.add(text[-(-8 * before // 6) : 8 * len(data) // 6])
            encoded |= set() if before else {text}
    encoded = {part for part in encoded if len(part) >= SHORTEST}
    encoded |= {part.translate(_URL_SAFE) for part in encoded}
    return forms | encoded | {quote(part, safe="") for part in encoded}


def _any_of(forms: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted(forms, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered)) or r"(?!)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiError:
    """What a server said when it declined: the HTTP status, and the contents of the body."""

    status: int
    names: frozenset[str] = frozenset()  # its code and type, in lower case, without separators
    message: str = ""
    param: str = ""
    path: str = ""
    wait: str = ""
    written: str = ""  # what the model wrote, where the server tells
    context: int | None = None  # tokens of a request and its answer, if given apart from words


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One meaning of an error; see ``error_kinds.toml``."""

    name: str
    error: str
    happened: str
    hint: str
    retry: bool | None = None
    status: str = ""
    with_param: bool = False
    names: Sequence[str] = ()
    words: Sequence[str] = ()
    unless: Sequence[str] = ()

    def applies(self, error: ApiError) -> bool:
        """Return whether this is what an error means."""

        def says_any(patterns: Sequence[str]) -> bool:
            return any(re.search(f"(?is){each}", error.message) for each in patterns)

        if not error.names.isdisjoint(self.names):
            return True
        if self.names and not self.words and not self.status:
            return False
        if self.with_param and not error.param:
            return False
        has_status = re.fullmatch(self.status or "...", str(error.status)) is not None
        return has_status and (not self.words or says_any(self.words)) and not says_any(self.unless)


_TABLE = load("error_kinds", __package__)
_KINDS = [Kind(**row) for row in _TABLE["kind"]]


def kind_of(error: ApiError) -> Kind:
    """Return the meaning of an error; the last one of the table applies to every error."""
    return next(kind for kind in _KINDS if kind.applies(error))


def ending_of(reason: str) -> tuple[str, str] | None:
    """Return the outcome that a reason for an answer's end means, and what to say of it, if bad."""
    for row in _TABLE["ending"]:
        if re.search(row["words"], reason, re.IGNORECASE):
            return row["outcome"], row["detail"].format(reason=reason)
    return None


def find_limit(error: ApiError, *, unlike: int | None = None) -> int | None:
    """Return the tokens that a server's words give as its limit, but for a number sent to it."""
    if error.context:
        return error.context
    text = re.sub(r"(?<=\d)[,_](?=\d{3}\b)", "", error.message)
    for pattern in _TABLE["limits"]:
        for number in map(int, re.findall(pattern, text, re.IGNORECASE)):
            if number >= LEAST_LIMIT and number != unlike:
                return number
    return None


def explain(error: ApiError, *, model: str, host: str) -> ServiceError:
    """Return what an error that came from ``host`` means to a user."""
    kind = kind_of(error)
    happened = kind.happened.format(host=host, model=model, **asdict(error))
    words = plain(error.message)
    message = f"{happened}: “{words}”" if words else f"{happened}."
    explained: ServiceError = getattr(errors, kind.error)(message, hint=kind.hint)
    explained.kind, explained.answer = kind.name, error
    return explained


def read_error(response: httpx2.Response, redactor: Redactor) -> ApiError:
    """Return the error in an answer, whichever of the usual forms it has."""
    parts = list(_parts_of(response.text))
    messages = [_readable_words(_message_of(part), redactor) for part in parts]
    fields = [field for part in parts if isinstance(part, dict) for field in part.items()]
    names = [str(value) for name, value in fields if name in _CALLED["codes"] and value]

    def first(name: str, kind: type = str) -> Any:
        return next((v for key, v in fields if key == name and isinstance(v, kind)), None)

    seconds = response.headers.get("retry-after", "")
    waits = re.fullmatch("[0-9]{1,6}", seconds) and seconds.strip("0")
    return ApiError(
        status=response.status_code,
        names=frozenset(_SEPARATORS.sub("", name).lower() for name in names),
        message="; ".join(dict.fromkeys(filter(None, messages)))[:SCANNED],
        param=plain(redactor.text(first("param") or ""), 40),
        path="/" + response.request.url.path.rstrip("/").rpartition("/")[2],
        wait=f"; it asks to wait {seconds} seconds" if waits else "",
        written=redactor.text(first("failed_generation") or ""),
        context=first("n_ctx", int),
    )


def reveal_status(response: httpx2.Response) -> None:
    """Give an answer with status 200 whose body is an error the status of that error."""
    if response.status_code != 200 or b'"error"' not in response.content:
        return
    body = next(_parts_of(response.text), None)
    choices = body.get("choices") if isinstance(body, dict) else None
    for holder in (body, *(choices[:1] if isinstance(choices, list) else ())):
        if isinstance(holder, dict) and (holder.get("error") or holder.get("object") == "error"):
            names = read_error(response, Redactor()).names
            numbers = [int(name) for name in names if re.fullmatch("[45][0-9]{2}", name)]
            is_limited = any("ratelimit" in name for name in names)
            response.status_code = min(numbers, default=429 if is_limited else 500)
            return


def _parts_of(body: object, depth: int = NESTED) -> Iterator[object]:
    """Yield an error's JSON and the errors within it, the outer before the inner ones."""
    text = body.strip().lstrip("\ufeff") if isinstance(body, str) else ""
    if text.startswith(("{", "[", '"')):
        with suppress(ValueError, RecursionError):
            body = json.loads(text)
    inner: list[object] = body[:NESTED] if isinstance(body, list) else []
    if isinstance(body, dict):
        within = map(body.get, _CALLED["within"])
        inner = [each for each in within if isinstance(each, dict | list)]
        inner += [body["raw"]] if isinstance(body.get("raw"), str) else []
    if body and isinstance(body, dict | str):
        yield body
    for part in inner if depth else ():
        yield from _parts_of(part, depth - 1)


def _message_of(part: object) -> str:
    if not isinstance(part, dict):
        return str(part)
    text = next((part[name] for name in _CALLED["words"] if isinstance(part.get(name), str)), "")
    place = part.get("loc")  # of a validator: which part of the request it means
    return f"{'.'.join(map(str, place))}: {text}" if text and isinstance(place, list) else text


def _readable_words(text: str, redactor: Redactor) -> str:
    """Return a server's words without secrets, the request's own text, or a page's markup."""
    text = redactor.text(text[: 2 * SCANNED])
    if _PAGE.match(text):
        title = _TITLE.search(text)
        return title[1].strip() if title else ""
    return _ECHO.split(text)[0][:SCANNED].strip()


def plain(text: str, limit: int = QUOTED) -> str:
    """Return a text on one line, without control characters, of ``limit`` characters at most."""
    line = "".join(filter(str.isprintable, " ".join(text.split())))
    return line if len(line) <= limit else line[: limit - 1] + "…"


@contextmanager
def translated(host: str, model: str = "", proxy: str = "") -> Iterator[None]:
    """Turn what the client of ``openai`` raises inside the block into a ServiceError.

    Anything else, such as a ``TypeError``, is a mistake in the program and stays as it is.
    """
    import httpx2
    import openai

    try:
        yield
    except (openai.OpenAIError, httpx2.HTTPError, json.JSONDecodeError, UnicodeError) as error:
        where = f"{host} (through the proxy {proxy})" if proxy else host
        # Not with its cause, which holds the whole request: the key and the article.
        raise _service_error(error, where, model, has_proxy=bool(proxy)) from None


def _service_error(error: Exception, where: str, model: str, *, has_proxy: bool) -> ServiceError:
    import httpx2
    import openai

    if isinstance(error, openai.APIStatusError):
        answer = read_error(error.response, Redactor.of(error.request))
        return explain(answer, model=model, host=where)
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
        return explain(ApiError(status=408), model=model, host=where)
    if isinstance(error, openai.APIResponseValidationError | json.JSONDecodeError):
        return no_json(where)
    if not isinstance(error, openai.APIConnectionError | httpx2.RequestError):
        return ServerFailed(
            f"{where} could not be asked ({type(error).__name__}).", hint="Check base_url."
        )
    cause = error.__cause__ or error
    words = plain(Redactor().text(str(cause))) or type(cause).__name__
    hint = "Check that the server runs and that base_url is its address."
    if has_proxy:
        hint = "Check the proxy, or set NO_PROXY to the server's host."
    if "CERTIFICATE" in words:
        hint = "Set SSL_CERT_FILE to a file of the certificates that this machine trusts."
    return Unreachable(f"There is no connection to {where}, or it broke: {words}", hint=hint)


def no_json(host: str) -> ServiceError:
    """Return the error for an answer whose body is no JSON object."""
    return explain(ApiError(status=200, names=frozenset({"nojson"})), model="", host=host)
