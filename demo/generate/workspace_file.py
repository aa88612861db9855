"""The demo's workspace file."""

from pathlib import Path


def workspace_text() -> str:
    """YAML; paths in it are relative to the folder it stands in."""
    return Path(__file__).with_name("workspace.yaml").read_text(encoding="utf-8")
