"""The one way in which a definition is written in a file, so that a difference shows only what changed.

`python -m tests.form_defs.canonical FILE…` writes files anew in it.
"""

import json
import sys
from pathlib import Path

WIDTH = 100

# Who it is, what it is called, what it may be, who answers for it, what it is made of, how it is shown.
KEYWORDS = """
$schema $id extends const id kind at key $ref title number department subject frequency level due
source description definition help text corner count type format latest pattern enum minimum maximum
minLength maxLength minItems maxItems uniqueItems digits currency unit default readOnly whenHidden
width steward sensitivity purpose legalBasis contact expires burden retention maxAge synonyms validFrom validTo identity
label by fill list sum average min max distinct ratio percent formula cells carry below of field on
where order rule totalOf bands rows columns total oneOf anyOf allOf
not items properties derive required dependentRequired dependentSchemas if then else remove place
item before after layout outputs translations
""".split()  # noqa: SIM905 -- one word a line would be 80 lines
RANK = {keyword: rank for rank, keyword in enumerate(KEYWORDS)}
NAMED = {"properties", "derive", "$defs", "dependentRequired", "dependentSchemas"}
"""Keywords whose members are names: those keep their order, which is the order of drawing."""


def written(document):
    return _text(_ordered(document), 0, 0) + "\n"


def _ordered(node, names=False):
    if isinstance(node, list):
        return [_ordered(item) for item in node]
    if not isinstance(node, dict):
        return node
    keys = node if names else sorted(node, key=lambda key: RANK.get(key, len(RANK)))
    return {key: _ordered(node[key], key in NAMED and not names) for key in keys}


def _text(value, indent, before):
    """On one line where it fits behind `before` characters, else one member a line."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or len(line) + indent + before <= WIDTH:
        return line
    pad = " " * (indent + 2)
    if isinstance(value, list):
        members = [_text(item, indent + 2, 1) for item in value]
        return "[\n" + ",\n".join(pad + member for member in members) + f"\n{' ' * indent}]"
    names = [json.dumps(key, ensure_ascii=False) + ": " for key in value]
    members = [
        name + _text(item, indent + 2, len(name) + 1)
        for name, item in zip(names, value.values(), strict=True)
    ]
    return "{\n" + ",\n".join(pad + member for member in members) + f"\n{' ' * indent}}}"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        file = Path(name)
        file.write_text(written(json.loads(file.read_text("utf-8"))), encoding="utf-8")
