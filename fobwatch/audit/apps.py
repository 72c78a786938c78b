from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only log, its proofs, and `@action`."""

    name = "fobwatch.audit"
    label = "audit"
