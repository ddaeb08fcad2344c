"""The configuration: what a wrong file or variable is told, and what overrides what."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk import ConfigError
from frontdesk.config import Settings, load
from frontdesk.locate import json_line, toml_line


class Retry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    count: int = 3
    codes: tuple[int, ...] = ()


class Sms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The section of a made-up plugin."""

    account: str = ""
    auth_token: str = ""
    debounce: float = 2.5
    opt_out: bool = True
    names: dict[str, str] = {}
    retry: Retry = Retry()


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Settings from the text of a file and from environment variables."""
    monkeypatch.chdir(tmp_path)

    def reader(text: str = "", **env: str) -> Settings:
        Path("frontdesk.toml").write_text(text, encoding="utf-8")
        return load(environ=env)

    return reader


def said(read: Any, text: str = "", **env: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read(text, **env)
    return str(caught.value)


def test_without_anything_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = load(environ={})
    assert (found.server.port, found.database.url) == (8000, "sqlite:///frontdesk.db")
    assert found.model.use == ("claude", "offline")
    assert found.given == frozenset()


def test_the_file_is_the_one_that_is_named(read: Any, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("[server]\nport = 2\n")
    (tmp_path / "third.toml").write_text("[server]\nport = 3\n")
    assert read("[server]\nport = 1\n").server.port == 1
    assert load(environ={"FRONTDESK_CONFIG": "other.toml"}).server.port == 2
    assert load("third.toml", {"FRONTDESK_CONFIG": "other.toml"}).server.port == 3
    for path, env in (("no.toml", {}), (None, {"FRONTDESK_CONFIG": "no.toml"})):
        with pytest.raises(ConfigError, match=r"cannot read the configuration no\.toml.*--config"):
            load(path, env)


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match=r"x\.toml"):
        load(str(tmp_path / "x.toml"), {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[server]\nprot = 1", "frontdesk.toml:2: server.prot: unknown key; did you mean `port`? expected"),
        ("\n[serverr]\nport = 1", "frontdesk.toml:2: unknown section [serverr]: expected one of bus,"),
        ("colour = 1", "frontdesk.toml:1: unknown section [colour]"),
        ("[server]\n# x\nport = '80'", "frontdesk.toml:3: server.port: it must be a whole number, without"),
        ("[server]\nport = 65536", "frontdesk.toml:2: server.port: it must be a whole number, 65535 at most"),
        ("[limits]\nturns = -1", "frontdesk.toml:2: limits.turns: it must be a whole number, 0 or more"),
        ("[limits]\n\nturn_rounds = 0", "frontdesk.toml:3: limits.turn_rounds: it must be a whole number, 1"),
        ("[model]\nuse = 'claude'", "frontdesk.toml:2: model.use: it must be a list, in [ ]; this is text"),
        ("[model]\nuse = ['a', 1]", "frontdesk.toml:2: model.use.1: it must be text in quotes"),
        ("[bus]\nurl = 'redis://x'", "frontdesk.toml:2: bus.url:"),
        ("[plugins]\ndisabled = 'sms'", "frontdesk.toml:2: plugins.disabled: it must be a list"),
        ("[plugins]\nsms = 'on'", "frontdesk.toml:2: unknown key plugins.sms: expected one of disabled"),
        ("plugins = 3", "frontdesk.toml:1: plugins"),
        ("server = 3", "frontdesk.toml:1: server: it must be a table of keys and values"),
        ("server.port = true", "frontdesk.toml:1: server.port: it must be a whole number"),
        ("[server]\nport = ", "frontdesk.toml:2: not valid TOML"),
        ("[server]\nport = 1\nport = 2", "frontdesk.toml:3: not valid TOML"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_the_line_and_what_was_expected(
    read: Any, text: str, message: str
) -> None:
    assert said(read, text).startswith(message)


def test_the_environment_overrides_and_is_typed(read: Any) -> None:
    found = read(
        "[server]\nport = 1\nhost = 'a'\n[plugins]\ndisabled = ['x']\n",
        FRONTDESK_SERVER__PORT="8080",
        FRONTDESK_SERVER__TRUSTED_PROXIES='["10.0.0.1"]',
        FRONTDESK_SERVER__SECRET_KEY="[not a list, a key]",
        FRONTDESK_DATABASE__URL="postgresql://h/d",
        FRONTDESK_PLUGINS__DISABLED="[]",
        FRONTDESK_LIMITS__TURNS="0",
        FRONTDESK_PORT="tcp://10.0.0.1:80",  # a cluster sets such names by itself
        OTHER="1",
    )
    assert (found.server.port, found.server.host) == (8080, "a")
    assert found.server.trusted_proxies == ("10.0.0.1",)
    assert found.server.secret_key == "[not a list, a key]"
    assert found.database.url == "postgresql://h/d"
    assert found.plugins.disabled == ()
    assert found.limits.turns == 0
    assert {"server.port", "server.host", "limits.turns"} <= found.given


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "FRONTDESK_SERVER__PORT",
            "eighty",
            "FRONTDESK_SERVER__PORT: server.port: it must be a whole number",
        ),
        ("FRONTDESK_SERVER__PROT", "1", "FRONTDESK_SERVER__PROT: server.prot: unknown key"),
        ("FRONTDESK_SERVR__PORT", "1", "FRONTDESK_SERVR__PORT: unknown section [servr]"),
        ("FRONTDESK_MODEL__USE", "[claude]", "FRONTDESK_MODEL__USE: expected JSON"),
        ("FRONTDESK_MODEL__USE", "[1]", "FRONTDESK_MODEL__USE: model.use.0: it must be text"),
        ("FRONTDESK_MODEL__USE", "claude", "FRONTDESK_MODEL__USE: model.use: it must be a list"),
        ("FRONTDESK_PLUGINS__SMS", "on", "FRONTDESK_PLUGINS__SMS: unknown key plugins.sms"),
        ("FRONTDESK_PLUGINS__SMS", "{on", "FRONTDESK_PLUGINS__SMS: expected JSON"),
    ],
)
def test_a_wrong_variable_is_named(read: Any, name: str, value: str, message: str) -> None:
    assert said(read, "[server]\nhost = 'a'\n", **{name: value}).startswith(message)


def test_the_section_of_a_plugin(read: Any) -> None:
    text = "[plugins.sms]\naccount = 'a'\n[plugins.sms.retry]\ncount = 1\n"
    assert read(text).section("sms", Sms) == Sms(account="a", retry=Retry(count=1))
    assert read().section("sms", Sms) == Sms()
    found = read(
        text,
        FRONTDESK_PLUGINS__SMS__DEBOUNCE="0.5",
        FRONTDESK_PLUGINS__SMS__OPT_OUT="false",
        FRONTDESK_PLUGINS__SMS__RETRY__COUNT="7",
        FRONTDESK_PLUGINS__SMS__RETRY__CODES="[429, 503]",
        FRONTDESK_PLUGINS__SMS__NAMES='{"a": "b"}',
        FRONTDESK_PLUGINS__SMS__AUTH_TOKEN="0123",
    ).section("sms", Sms)
    assert found == Sms("a", "0123", 0.5, False, {"a": "b"}, Retry(7, (429, 503)))


def test_the_section_of_a_plugin_as_one_variable(read: Any) -> None:
    whole = '{"account": "a", "retry": {"count": 2}}'
    found = read(FRONTDESK_PLUGINS__SMS=whole, FRONTDESK_PLUGINS__SMS__DEBOUNCE="1")
    assert found.section("sms", Sms) == Sms("a", debounce=1, retry=Retry(2))
    both = said(read, FRONTDESK_SERVER__PORT="1", FRONTDESK_SERVER__PORT__X="2")
    assert both == "FRONTDESK_SERVER__PORT__X: another variable says that port is not a table"


def test_a_wrong_section_of_a_plugin(read: Any) -> None:
    found = read("[plugins.sms]\n\n[plugins.sms.retry]\ncoutn = 1\n")
    with pytest.raises(ConfigError) as caught:
        found.section("sms", Sms)
    assert str(caught.value) == (
        "frontdesk.toml:4: plugins.sms.retry.coutn: unknown key; did you mean `count`? "
        "expected one of count, codes"
    )
    found = read(FRONTDESK_PLUGINS__SMS__RETRY__COUNT="many")
    with pytest.raises(ConfigError, match=r"^FRONTDESK_PLUGINS__SMS__RETRY__COUNT: plugins"):
        found.section("sms", Sms)


def test_secrets_come_from_the_environment(read: Any) -> None:
    text = "[server]\nsecret_key = 'env:KEY'\nold_secret_keys = ['env:OLD']\nport = 'env:PORT'\n"
    found = read(text, KEY="k" * 40, OLD="o" * 40, PORT="81")
    assert found.server.secret_key == "k" * 40
    assert found.server.old_secret_keys == ("o" * 40,)
    assert found.server.port == 81
    assert said(read, text, KEY="k", OLD="o", PORT="").startswith(
        "frontdesk.toml:4: server.port = 'env:PORT', but the environment variable PORT is empty."
    )


def test_a_secret_never_appears_in_a_message(read: Any) -> None:
    hush = "hush-hush-0123456789"
    for text, env in (
        ("[server]\nsecret_key = 'env:KEY'\nport = 'env:KEY'", {"KEY": hush}),
        ("", {"FRONTDESK_SERVER__PORT": hush}),
        ("", {"FRONTDESK_MODEL__USE": "[" + hush}),
        ("", {"FRONTDESK_PLUGINS__SMS": "{" + hush}),
        (f"[server]\nsecret_key = '{hush}'\nprot = 1", {}),
        (f"[bus]\nurl = 'redis://:{hush}@host'", {}),
        (f"[database]\npool = '{hush}'", {}),
    ):
        assert hush not in said(read, text, **env)
    for section in ({"retry": hush}, {"debounce": hush}, {"auth_token": [hush]}, {"names": hush}):
        found = msgspec.structs.replace(read(), sections={"sms": section})
        with pytest.raises(ConfigError) as caught:
            found.section("sms", Sms)
        assert hush not in str(caught.value)


def test_the_environment_of_this_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("FRONTDESK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FRONTDESK_SERVER__PORT", "1234")
    assert load().server.port == 1234


# ---- lines -----------------------------------------------------------------------------------

TOML = """# comment
top = 1
[a]
b = 2
"quoted key" = 3
c.d = 4
[[list]]
x = 1
[[list]]
x = 2
[list.inner]
y = 3
[a.deep]   # comment
z = [
  1,
]
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("top", 2), ("a", 3), ("a.b", 4), ("a.quoted key", 5), ("a.c.d", 6), ("a.c", 6),
        ("list.0", 7), ("list.0.x", 8), ("list.1", 9), ("list.1.x", 10), ("list.1.inner.y", 12),
        ("a.deep.z", 14), ("a.deep.z.0", 15), ("a.deep.z.9", 14), ("a.deep.no", 13), ("no", 1),
    ],
)  # fmt: skip
def test_the_line_of_a_key_in_toml(key: str, line: int) -> None:
    assert toml_line(TOML, key) == line


trees = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(trees)
def test_the_line_of_every_pointer_in_json(tree: Any) -> None:
    text = msgspec.json.format(msgspec.json.encode(tree), indent=1).decode()
    lines = text.split("\n")

    def look(node: Any, pointer: str) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                at = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
                found = lines[json_line(text, at) - 1]
                assert found.lstrip().startswith(msgspec.json.encode(key).decode() + ":")
                look(value, at)
        elif isinstance(node, list):
            for n, value in enumerate(node):
                look(value, f"{pointer}/{n}")

    look(tree, "")
