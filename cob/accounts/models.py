"""People who sign in, the sites they work at, and the keys machines use instead."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, AnonymousUser, UserManager
from django.db import models
from django.utils import timezone

from cob.accounts.roles import ROLES, Role, may

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


class Site(models.Model):
    """A practice location: the boundary of who sees what. Another site's rows do not exist for its neighbours."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, unique=True)
    code = models.SlugField(max_length=12, unique=True)
    npi = models.CharField(max_length=10, unique=True, help_text="Billing NPI: files name the site by it.")
    tax_id = models.CharField(max_length=9, blank=True)
    taxonomy = models.CharField(max_length=10, blank=True)
    address = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=2, blank=True)
    zip_code = models.CharField(max_length=9, blank=True)
    phone = models.CharField(max_length=15, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class DeskUserManager(UserManager["User"]):
    def create_superuser(self, username: str, *args: Any, **fields: Any) -> User:
        """`createsuperuser` makes the first administrator."""
        return super().create_superuser(username, *args, **{**fields, "role": Role.ADMINISTRATOR})


class User(AbstractUser):
    """One person with one role, working at some sites."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.CharField(max_length=20, choices=[(role.value, card.label) for role, card in ROLES.items()])
    sites = models.ManyToManyField(Site, related_name="people", blank=True)
    absent_until = models.DateField(null=True, blank=True)

    objects: ClassVar = DeskUserManager()

    class Meta:
        ordering = ("last_name", "first_name", "username")

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def has_perm(self, perm: str, obj: object = None) -> bool:  # noqa: ARG002  Django's signature
        """The role decides, for superusers too: an administrator sees no patient."""
        return self.is_active and may(self.role, perm)

    @property
    def role_label(self) -> str:
        return ROLES[Role(self.role)].label if self.role in set(Role) else "No role"

    @property
    def sees_all_sites(self) -> bool:
        return self.role in set(Role) and ROLES[Role(self.role)].all_sites

    @property
    def site_label(self) -> str:
        """What the top bar says: the one site, or how many."""
        if self.sees_all_sites:
            return "All sites"
        names = [site.name for site in self.sites.all()]
        return names[0] if len(names) == 1 else f"{len(names)} sites" if names else "No site"

    def site_ids(self) -> list[uuid.UUID]:
        """The sites whose rows this person may see, looked up once per request."""
        if not hasattr(self, "_site_ids"):
            rows = Site.objects if self.sees_all_sites else self.sites
            self._site_ids = list(rows.values_list("pk", flat=True))
        return self._site_ids


class SiteScoped(models.QuerySet[Any]):
    """Rows with a `site`: other people's sites are simply not there."""

    site_path = "site"

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Rows at the user's sites; nobody signed in sees none."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.sees_all_sites:
            return self
        return self.filter(**{f"{self.site_path}__in": user.site_ids()})


def hash_key(secret: str) -> str:
    """Keys are 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiKey(models.Model):
    """A machine's key: acts as one person, stored hashed, shown once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def issue(cls, *, user: User, name: str, days: int = 365) -> tuple[ApiKey, str]:
        """Make a key; the second value is the secret, never seen again."""
        secret = secrets.token_urlsafe(32)
        expires = timezone.now() + timedelta(days=days)
        return cls.objects.create(user=user, name=name, digest=hash_key(secret), expires_at=expires), secret
