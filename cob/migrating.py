"""Operations that spare a new desk the working out of all models again after each step of a migration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.migrations import CreateModel
from django.db.migrations.operations.base import Operation

Code = Callable[[Any], None]  # it is given the schema editor


class CreateModels(Operation):
    """Several models made one after the other from one working out of the state; none may need a later one's fields."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = list(models)

    def describe(self) -> str:
        return f"Create {len(self.models)} models"

    def state_forwards(self, app_label: str, state: Any) -> None:
        # Were the models worked out already, each new one would have all those it is related to worked out again.
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)


class RunOnTables(Operation):
    """Python that needs the tables and no models: these are not worked out for it."""

    reduces_to_sql = False
    reversible = True

    def __init__(self, forwards: Code, backwards: Code, hints: dict[str, str] | None = None) -> None:
        self.forwards, self.backwards, self.hints = forwards, backwards, hints or {}

    def state_forwards(self, *_of: Any) -> None:
        """Nothing that a model says changes."""

    def database_forwards(self, _app_label: str, schema_editor: Any, *_states: Any) -> None:
        self.forwards(schema_editor)

    def database_backwards(self, _app_label: str, schema_editor: Any, *_states: Any) -> None:
        self.backwards(schema_editor)


def nothing(_editor: Any) -> None:
    """The way back, or forth, of what needs none."""
