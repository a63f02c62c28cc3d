from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from summarizer.errors import UsageError
from summarizer.settings import (
    Settings,
    explain,
    load,
    load_extra,
    setting,
    text,
    user_configuration,
    whole,
)

Env = dict[str, str]


def loaded(
    tmp_path: Path, flags: dict[str, object] | None = None, env: Env | None = None
) -> Settings:
    return load(flags, env=env or {}, folder=tmp_path, user_file=tmp_path / "user.toml")


def test_defaults_when_nobody_says_anything(tmp_path: Path) -> None:
    assert loaded(tmp_path) == Settings()


def test_each_layer_yields_to_the_one_above(tmp_path: Path) -> None:
    (tmp_path / "user.toml").write_text("sentences = 4\nchunk_tokens = 100\nmodel = 'u'\n")
    (tmp_path / "summarizer.toml").write_text("sentences = 5\nchunk_tokens = 200\n")
    env = {"SUMMARIZER_SENTENCES": "6", "SUMMARIZER_ENGINE": "extractive"}
    assert loaded(tmp_path, {"sentences": 7}, env) == Settings(
        sentences=7, engine="extractive", chunk_tokens=200, model="u"
    )
    assert loaded(tmp_path, {"sentences": None}, env).sentences == 6
    assert loaded(tmp_path).sentences == 5


def test_pyproject_is_read_where_there_is_no_file_of_our_own(tmp_path: Path) -> None:
    project = "[tool.other]\nx = 1\n[tool.summarizer]\nchunk-tokens = 64\n"
    (tmp_path / "pyproject.toml").write_text(project)
    assert loaded(tmp_path).chunk_tokens == 64
    (tmp_path / "summarizer.toml").write_text("sentences = 2\n")
    assert loaded(tmp_path).chunk_tokens == Settings().chunk_tokens


def test_each_choice_says_where_it_comes_from(tmp_path: Path) -> None:
    own = tmp_path / "summarizer.toml"
    own.write_text("sentences = 5\n")
    choices = explain(env={"SUMMARIZER_MODEL": "m"}, folder=tmp_path, user_file=tmp_path / "none")
    places = {name: place for name, (_, place) in choices.items()}
    assert places["sentences"] == str(own)
    assert places["model"] == "environment, SUMMARIZER_*"
    assert places["judge"] == "default"


def test_an_unknown_key_is_an_error_that_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "summarizer.toml").write_text("sentence = 5\n")
    with pytest.raises(UsageError, match="no setting 'sentence'") as caught:
        loaded(tmp_path)
    assert caught.value.hint == "Did you mean 'sentences'?"


def test_an_unknown_key_like_none_lists_all(tmp_path: Path) -> None:
    (tmp_path / "summarizer.toml").write_text("zzz = 5\n")
    with pytest.raises(UsageError) as caught:
        loaded(tmp_path)
    assert caught.value.hint.startswith("Known are: engine, judge")


def test_a_variable_of_somebody_else_is_let_be_and_a_slip_is_not(tmp_path: Path) -> None:
    assert loaded(tmp_path, env={"SUMMARIZER_PORT": "tcp://10.0.0.1:80"}) == Settings()
    with pytest.raises(UsageError, match="chunk_token"):
        loaded(tmp_path, env={"SUMMARIZER_CHUNK_TOKEN": "5"})


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("sentences", "many", "whole number from 1 to 50"),
        ("sentences", 0, "whole number from 1 to 50"),
        ("sentences", True, "whole number from 1 to 50"),
        ("sentences", 2.5, "whole number from 1 to 50"),
        ("allow_private_urls", "perhaps", "true or false"),
        ("model", 3, "a text"),
        ("engine", "magic", "one of auto, extractive"),
        ("judge", "magic", "one of auto, lexical"),
        ("api", "soap", "one of auto, responses, chat"),
        ("max_cost", "cheap", "a number from 0 to 100000"),
        ("timeout", "", "a number from 0.1 to 3600"),
    ],
)
def test_a_value_that_cannot_be_says_what_can(
    tmp_path: Path, name: str, value: object, rule: str
) -> None:
    with pytest.raises(UsageError, match=rule) as caught:
        loaded(tmp_path, {name: value})
    assert "flag" in caught.value.message


@pytest.mark.parametrize(
    ("said", "meant"), [("1", True), ("yes", True), ("off", False), ("", False)]
)
def test_a_flag_in_the_environment(tmp_path: Path, said: str, meant: bool) -> None:
    assert loaded(tmp_path, env={"SUMMARIZER_ALLOW_PRIVATE_URLS": said}).allow_private_urls is meant


@pytest.mark.parametrize("content", [b"sentences = ", b"\xff\xfe\x00", b"[tool]\nsummarizer = 3"])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pyproject.toml").write_bytes(content)
    with pytest.raises(UsageError, match=r"pyproject\.toml"):
        loaded(tmp_path)


def test_the_users_own_folder() -> None:
    home = {"HOME": "/h", "APPDATA": "/a"}
    assert user_configuration(home, "linux") == Path("/h/.config/summarizer/config.toml")
    xdg = {**home, "XDG_CONFIG_HOME": "/x"}
    assert user_configuration(xdg, "linux") == Path("/x/summarizer/config.toml")
    assert user_configuration(home, "win32") == Path("/a/summarizer/config.toml")
    mac = Path("/h/Library/Application Support/summarizer/config.toml")
    assert user_configuration(home, "darwin") == mac


@dataclass(frozen=True, slots=True, kw_only=True)
class PostOffice:
    """The settings of an extra, as one declares them in its own room."""

    clerks: int = setting(2, whole(1, 9), "who stand at the counter")
    stamp: str = setting("", text, "what is on a letter")


def extra(folder: Path, env: dict[str, str] | None = None) -> PostOffice:
    """Return the settings of the post office, from ``folder`` alone."""
    return load_extra(
        PostOffice, "post", env=env or {}, folder=folder, user_file=folder / "user.toml"
    )


def test_an_extra_has_a_table_and_variables_of_its_own(tmp_path: Path) -> None:
    assert extra(tmp_path) == PostOffice()
    (tmp_path / "user.toml").write_text("[post]\nclerks = 3\nstamp = 'swan'\n")
    (tmp_path / "summarizer.toml").write_text("sentences = 5\n[post]\nclerks = 4\n")
    assert extra(tmp_path) == PostOffice(clerks=4, stamp="swan")
    assert extra(tmp_path, {"SUMMARIZER_POST_CLERKS": "7"}).clerks == 7
    assert loaded(tmp_path).sentences == 5


def test_an_extra_reads_the_table_of_a_project_too(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.summarizer]\nsentences = 5\n[tool.summarizer.post]\nclerks = 4\n"
    )
    assert extra(tmp_path).clerks == 4
    assert loaded(tmp_path).sentences == 5


def test_a_slip_in_the_table_of_an_extra_is_named(tmp_path: Path) -> None:
    (tmp_path / "summarizer.toml").write_text("[post]\nclarks = 4\n")
    with pytest.raises(
        UsageError, match=r"no setting 'clarks' .*summarizer\.toml, table post"
    ) as e:
        extra(tmp_path)
    assert "Did you mean 'clerks'?" in e.value.hint
    (tmp_path / "summarizer.toml").write_text("[post]\nclerks = 40\n")
    with pytest.raises(UsageError, match="must be a whole number from 1 to 9"):
        extra(tmp_path)
    with pytest.raises(UsageError, match="SUMMARIZER_POST_"):
        extra(tmp_path, {"SUMMARIZER_POST_CLARKS": "4"})


def test_the_core_knows_nothing_of_slack(tmp_path: Path) -> None:
    assert not [item.name for item in fields(Settings) if "slack" in item.name]
    (tmp_path / "summarizer.toml").write_text("[slack]\nworkers = 4\n")
    assert loaded(tmp_path, env={"SUMMARIZER_SLACK_QUEUE": "3"}) == Settings()


@pytest.mark.parametrize("line", ["headers = ['Authorization: hunter2']", "base_url = ['hunter2']"])
def test_what_may_hold_a_password_is_not_repeated(tmp_path: Path, line: str) -> None:
    (tmp_path / "summarizer.toml").write_text(line)
    with pytest.raises(UsageError, match="must be a text") as refused:
        loaded(tmp_path)
    assert "hunter2" not in refused.value.message + refused.value.hint
