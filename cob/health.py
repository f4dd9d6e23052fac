"""For load balancers and health checks: is the process alive, and can it serve."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  a view takes one
    """200 while the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  a view takes one
    """200 when the database answers, is migrated, and the cache holds what it is given; else 503 with which failed."""
    checks = {"database": _database(), "migrations": False, "cache": _cache()}
    checks["migrations"] = checks["database"] and _migrated()
    return JsonResponse(checks | {"embedded": settings.EMBEDDED}, status=200 if all(checks.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except Exception:
        return False


def _migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _cache() -> bool:
    try:
        cache.set("readyz", 1, 5)
        return bool(cache.get("readyz") == 1)
    except Exception:
        return False
