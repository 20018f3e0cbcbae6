"""Which members of an object must be there, always or on conditions. Not for telling a person that one is missing."""

from __future__ import annotations

from typing import Any

from runtime.definitions.compile_faces import Face, Faces, Guards
from runtime.definitions.plan import Condition


class Required:
    """Which members of an object must be there, always or on conditions."""

    def __init__(self, faces: Faces) -> None:
        self._asked: dict[str, list[Guards]] = {}
        for face in faces.assertive:
            for name in strings(face.schema.get("required")):
                self._asked.setdefault(name, []).append(face.guards)
            for keyword in ("dependentRequired", "dependencies"):
                self._dependent(face, face.schema.get(keyword))

    def _dependent(self, face: Face, found: Any) -> None:
        for name, others in found.items() if isinstance(found, dict) else ():
            held = Condition(schema={"type": "object", "required": [name]})
            for other in strings(others):
                self._asked.setdefault(other, []).append((*face.guards, held))

    def of(self, name: str, guards: Guards) -> tuple[bool, Guards]:
        """Whether the member is required wherever it is drawn under `guards`, and when it is besides."""
        asked = self._asked.get(name, [])
        left = [[g for g in one if g not in guards] for one in asked]
        if any(not one for one in left):
            return True, ()
        joined = (together(one) for one in left)
        return False, tuple(one for one in joined if one is not None)


def together(guards: list[Condition]) -> Condition | None:
    """One condition that holds when all of `guards` do; None where they are read from different places."""
    if len(guards) == 1:
        return guards[0]
    if len({(g.up, g.at) for g in guards}) > 1:
        return None
    schemas = [g.schema if isinstance(g.schema, dict) else {"$ref": g.schema} for g in guards]
    parts = [{"not": s} if g.negate else s for g, s in zip(guards, schemas, strict=True)]
    return Condition(schema={"allOf": parts}, at=guards[0].at, up=guards[0].up)


def strings(value: Any) -> list[str]:
    """The texts of a list; none where it is no list."""
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []
