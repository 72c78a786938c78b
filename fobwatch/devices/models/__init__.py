"""Devices, their registrations with organisations, evidence about them, and the support table."""

from fobwatch.devices.models.checklist import KIND, Group, Question, answered, next_page, to_ask
from fobwatch.devices.models.device import Device, Registration
from fobwatch.devices.models.evidence import Evidence, projection
from fobwatch.devices.models.record import Row, lookers, stored, timeline
from fobwatch.devices.models.support import SupportedRelease, shipped, support_table

__all__ = [
    "KIND", "Device",
    "Evidence",
    "Group",
    "Question",
    "Registration",
    "Row",
    "SupportedRelease",
    "answered",
    "lookers",
    "next_page",
    "projection",
    "shipped",
    "stored",
    "support_table",
    "timeline",
    "to_ask",
]  # fmt: skip
