"""What changes devices, registrations, evidence and the support table."""

from fobwatch.devices.actions.command import command
from fobwatch.devices.actions.enrol import answer_checklist, finish, new_lost_code, start_registration
from fobwatch.devices.actions.evidence import check_in, record_evidence
from fobwatch.devices.actions.issue import issue_device, put_back
from fobwatch.devices.actions.keys import answer_key, bind_key
from fobwatch.devices.actions.look import look
from fobwatch.devices.actions.moves import (
    mark_lost,
    report_lost,
    report_lost_by_code,
    restore,
    retire,
    suspend,
)
from fobwatch.devices.actions.support import drop_support_line, keep_support_line

__all__ = [
    "answer_checklist", "answer_key", "bind_key", "check_in", "command", "drop_support_line", "finish",
    "issue_device", "keep_support_line", "look", "mark_lost", "new_lost_code", "put_back", "record_evidence",
    "report_lost", "report_lost_by_code", "restore", "retire", "start_registration", "suspend",
]  # fmt: skip
