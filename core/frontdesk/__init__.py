"""Frontdesk: the engine. These names are the public interface for plugins."""

from frontdesk.actions import Action, ActionCall, Claim, Commitment
from frontdesk.business import Business
from frontdesk.channels import Channel, Inbound
from frontdesk.config import Settings
from frontdesk.errors import ActionError, ConfigError, FrontdeskError, PackError, PluginError
from frontdesk.hookspecs import hookimpl
from frontdesk.jobs import Job
from frontdesk.model import Model, ModelError, ModelReply, ModelRequest, TextDelta, Usage
from frontdesk.tools import Tool

__all__ = [
    "Action",
    "ActionCall",
    "ActionError",
    "Business",
    "Channel",
    "Claim",
    "Commitment",
    "ConfigError",
    "FrontdeskError",
    "Inbound",
    "Job",
    "Model",
    "ModelError",
    "ModelReply",
    "ModelRequest",
    "PackError",
    "PluginError",
    "Settings",
    "TextDelta",
    "Tool",
    "Usage",
    "hookimpl",
]
