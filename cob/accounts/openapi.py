"""How the API document names our keys: an `Authorization` header that begins with "Key"."""

from __future__ import annotations

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
