"""Wrong versions of the starter pack and the starter plugin, and what must be said of each."""

import mutations_manifest as manifest
import mutations_meant as meant
import mutations_texts as texts
from mutations_changes import Mutation, write
from mutations_plugins import of_plugins, prepare

__all__ = ["Mutation", "of_packs", "of_plugins", "prepare", "write"]


def of_packs() -> list[Mutation]:
    """Those that a server cannot use, then those that would do something else than was meant."""
    return [
        *manifest.manifest(),
        *manifest.tool_keys(),
        *manifest.tool_schemas(),
        *manifest.tool_bindings(),
        *manifest.tool_texts(),
        *texts.prompts(),
        *texts.business(),
        *texts.scenarios(),
        *meant.layout(),
        *meant.tools_meant(),
        *meant.words_meant(),
        *meant.scenarios_meant(),
    ]
