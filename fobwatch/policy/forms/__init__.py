"""The forms of the policy: its details, its clauses and its approval."""

from fobwatch.policy.forms.approval import (
    ApproveForm,
    CompareForm,
    OwnerForm,
    SendBackForm,
    SubmitForm,
)  # fmt: skip
from fobwatch.policy.forms.clause import CONDITIONS, ClauseForm
from fobwatch.policy.forms.own import OwnClauseForm
from fobwatch.policy.forms.settings import ParamsForm

__all__ = (
    "CONDITIONS", "ApproveForm", "ClauseForm", "CompareForm", "OwnClauseForm", "OwnerForm", "ParamsForm",
    "SendBackForm", "SubmitForm",
)  # fmt: skip
