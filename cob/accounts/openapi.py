"""How the API document names our keys, an `Authorization` header that begins with "Key", and what any address may
answer besides what it is asked for.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Being defined is being registered."""

    target_class = "cob.accounts.api.ApiKeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:  # noqa: ARG002  spectacular's signature
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Key <secret>`; an administrator issues the secret.",
        }


_REFUSAL = {"type": "object", "properties": {"detail": {"type": "string"}}, "required": ["detail"]}
_EVERYWHERE = {
    "401": "No key, or one that is unknown, expired or revoked.",
    "403": "This person may not, or the form token of somebody signed in is missing (`X-CSRFToken`).",
    "429": "More calls a minute than are taken; `Retry-After` says how many seconds to wait.",
}
_OF_ONE_ROW = {"404": "Not there, or at a site this person does not see."}
_OF_A_BODY = {"413": "The body is too large.", "415": "The body is not sent as application/json."}


def answers_of_any_address(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A hook of the document's maker: the refusals that no view names."""
    result["components"]["schemas"]["Refusal"] = _REFUSAL
    for path, verbs in result["paths"].items():
        for operation in verbs.values():
            said = _EVERYWHERE | (_OF_ONE_ROW if "{id}" in path else {})
            said |= _OF_A_BODY if "requestBody" in operation else {}
            for status, why in said.items():
                of = "Problem" if status == "413" else "Refusal"
                schema = {"schema": {"$ref": f"#/components/schemas/{of}"}}
                operation["responses"].setdefault(status, {"description": why, "content": {"application/json": schema}})
    return result
