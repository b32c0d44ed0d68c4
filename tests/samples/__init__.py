"""Files of other programs.

``elia``, ``llm``, ``oterm`` and ``parllama`` are files that these programs wrote while they talked
to a pretend server; of ``llm-0.36`` the names of attached files were shortened. The exports of
ChatGPT, Claude and Open WebUI were made by hand after descriptions, without knowing the readers.
``mcp_schemas.json`` has tools of MCP servers as they list them: package, version and licence stand
beside each.
"""

from pathlib import Path

SAMPLES = Path(__file__).parent


def tree(archive):
    """Each message of a session as its place, its parent's place, who speaks, and the text."""
    places = {message.id: place for place, message in enumerate(archive.messages)}
    return [
        (places.get(each.parent_id), each.role.value, each.content) for each in archive.messages
    ]


def leaf(archive):
    """The text of the message that ends the branch on show."""
    return archive.branch[-1].content
