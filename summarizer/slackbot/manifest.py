"""The app's manifest: its name, what it may do, what it hears of. As little as it needs."""

from __future__ import annotations

from typing import Any

COMMAND = "/newsdiff"
SHORTCUT = "compare_thread"

NAME_CHARACTERS = 35
"""The longest name of an app that Slack's schema of manifests takes."""

SCOPES = {
    "app_mentions:read": "to be asked by @mention",
    "assistant:write": "to be an agent: its view, its status, its suggestions",
    "channels:history": "to read the thread it is asked about, and find its own answers in it",
    "chat:write": "to answer",
    "commands": f"to have {COMMAND} and the shortcut",
    "files:read": "to read files that are shared with a question",
    "files:write": "to attach the report",
    "groups:history": "the same as channels:history in private channels it was invited to",
    "im:history": "to be asked in direct messages",
}
"""What the bot may do, and why."""

EVENTS = ("app_home_opened", "app_mention", "message.im")

PROMPTS = (
    {
        "title": "Compare articles",
        "message": "Compare these articles: (paste two or more links)",
    },
    {"title": "Summarize one", "message": "Summarize this article: (paste a link)"},
    {"title": "What can you do?", "message": "help"},
)
"""Suggested where somebody opens the messages with the bot."""

ABOUT = "What do all outlets report, what does only one report, and where do they differ?"


def manifest(name: str, address: str = "") -> dict[str, Any]:
    """Return the manifest of a bot of that name; its public address is empty for Socket Mode."""
    events = f"{address.rstrip('/')}/slack/events" if address else ""
    place = {"request_url": events} if events else {}
    command: dict[str, Any] = {
        "command": COMMAND,
        "description": "Compare articles on one event",
        "usage_hint": "link link …",
        "should_escape": False,
    }
    oauth: dict[str, Any] = {"scopes": {"bot": list(SCOPES)}}
    if events:
        command["url"] = events
        oauth["redirect_urls"] = [f"{address.rstrip('/')}/slack/oauth_redirect"]
    return {
        "display_information": {"name": name, "description": ABOUT},
        "features": {
            "agent_view": {"agent_description": ABOUT, "suggested_prompts": list(PROMPTS)},
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": False},
            "shortcuts": [
                {
                    "name": "Compare the links here",
                    "type": "message",
                    "callback_id": SHORTCUT,
                    "description": "Compare the links in this thread",
                }
            ],
            "slash_commands": [command],
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": {**place, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **place},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not events,
            "token_rotation_enabled": False,
        },
    }
