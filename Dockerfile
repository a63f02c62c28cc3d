# Built from a checkout: docker build -t newsdiff .
FROM python:3.13-slim-trixie AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY summarizer summarizer
COPY prompts prompts
COPY evals evals
RUN python -m venv /opt/newsdiff \
    && /opt/newsdiff/bin/pip install --no-cache-dir .
# tiktoken would load its vocabularies at the first use, and a container may have no network then.
# hadolint ignore=DL3064
ENV TIKTOKEN_CACHE_DIR=/opt/newsdiff/tiktoken
RUN /opt/newsdiff/bin/python -c \
    "import tiktoken; [tiktoken.get_encoding(name) for name in ('o200k_base', 'cl100k_base')]"

FROM python:3.13-slim-trixie
LABEL org.opencontainers.image.title="newsdiff" \
      org.opencontainers.image.description="What does each outlet uniquely report?" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /opt/newsdiff /opt/newsdiff
RUN mkdir /cache /work && chown 10001 /cache /work
# hadolint ignore=DL3064
ENV PATH=/opt/newsdiff/bin:$PATH \
    TIKTOKEN_CACHE_DIR=/opt/newsdiff/tiktoken \
    XDG_CACHE_HOME=/cache
VOLUME /cache
USER 10001
WORKDIR /work
ENTRYPOINT ["newsdiff"]
