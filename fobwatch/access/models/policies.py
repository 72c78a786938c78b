"""Policies ready to decide. A version never changes once it is published, so what was compiled once stays right."""

import dataclasses
import functools
import hashlib

from fobwatch.access.rules.slider import tried
from fobwatch.access.rules.statuses import Statuses
from fobwatch.policy.models import Version
from fobwatch.policy.rules.clause import from_json
from fobwatch.policy.rules.compile import Compiled, compile_policy
from fobwatch.policy.rules.form import Policy


class _NotInForceYet(Exception):
    """A version without its moment: what is compiled of it must not be kept for when it has one."""


def compiled_policy(version_id: str, policy_hash: str) -> Compiled:
    """The compiled policy of a version; read and compiled once for each process, some milliseconds.

    Raises ValueError where the content does not have this hash (B10): what nobody agreed to is never enforced.
    """
    try:
        return _published(version_id, policy_hash)
    except _NotInForceYet:
        return _drafted(version_id, policy_hash)


@functools.lru_cache(maxsize=64)
def _published(version_id: str, policy_hash: str) -> Compiled:
    # The cache keeps no exception: a draft is asked about anew, until it is published and has its moment (grace).
    effective = Version._default_manager.values_list("effective_epoch", flat=True).get(pk=version_id)
    if not effective:
        raise _NotInForceYet
    return compile_policy(dataclasses.replace(_read(version_id, policy_hash), effective=effective))


@functools.lru_cache(maxsize=16)
def _drafted(version_id: str, policy_hash: str) -> Compiled:
    return compile_policy(_read(version_id, policy_hash))


def _read(version_id: str, policy_hash: str) -> Policy:
    content = Version._default_manager.values_list("content", flat=True).get(pk=version_id)
    if hashlib.sha256(content.encode()).hexdigest() != policy_hash:
        raise ValueError("The content of this policy version does not have its hash.")
    return from_json(content)


@functools.lru_cache(maxsize=16)
def statuses_under(version_id: str, policy_hash: str) -> Statuses:
    """The short answers under a version, for lists of many devices."""
    return Statuses(compiled_policy(version_id, policy_hash))


@functools.lru_cache(maxsize=128)
def trial_policy(version_id: str, policy_hash: str, name: str, value: str) -> Compiled:
    """A version with another value for one detail, as somebody typed it. Raises PolicyErrors where it does not fit."""
    return compile_policy(tried(compiled_policy(version_id, policy_hash).policy, name, value))
