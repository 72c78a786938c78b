"""The slider of a detail: the sentence that it stands in, and stops that mean something here."""

import numpy as np
import pytest

from fobwatch.access.rules.slider import adjustable, slider, tried
from fobwatch.access.rules.whatif import Register
from fobwatch.policy.rules.batch import Column
from fobwatch.policy.rules.form import Param, Policy, PolicyErrors
from fobwatch.policy.rules.vocabulary import PLATFORMS, version_number
from tests.access.test_whatif_rules import TEMPLATE
from tests.policy.rules.made import clause
from tests.policy.rules.made import policy as small_policy


def param(policy: Policy, name: str) -> Param:
    return next(one for one in policy.params if one.name == name)


def running(*devices: tuple[str, str]) -> Register:
    """A register in which nothing is known but the make and the version."""
    size = len(devices)
    values = {
        "platform": [PLATFORMS.index(make) for make, _ in devices],
        "os_version": [version_number(version) for _, version in devices],
    }
    columns = {
        name: Column(np.array(one, np.int64), np.full(size, 2), np.full(size, 9)) for name, one in values.items()
    }
    return Register(columns, np.arange(size), np.zeros(size, np.int64), ("",))


NOBODY = running()


def test_what_decides_can_be_tried_and_what_is_only_words_cannot() -> None:
    names = [one.name for one in adjustable(TEMPLATE)]
    assert {"min_ios", "checkin_days", "grace_days", "auto_lock_minutes"} <= set(names)
    assert not {"record_groups", "audit_months", "owner_role", "protect_shift"} & set(names)


def test_it_stands_in_the_sentence_that_staff_read() -> None:
    found = slider(TEMPLATE, param(TEMPLATE, "min_ios"), NOBODY)
    assert (found.before, found.value, found.after) == ("An iPhone must run iOS ", "18.0", " or newer.")
    other = slider(TEMPLATE, param(TEMPLATE, "min_macos"), NOBODY)
    assert other.before.startswith("A Mac must run macOS")
    bare = small_policy(
        clause("require", on=["*:*"], need=["auto_lock_minutes", "<=", "$most"]),
        params={"most": {"kind": "int", "default": 3, "label": "At most", "unit": "minutes"}},
    )
    found = slider(bare, param(bare, "most"), NOBODY)
    assert (found.before, found.after) == ("At most:", "minutes.")


def test_versions_stop_where_devices_here_are() -> None:
    here = running(("ios", "17.4.1"), ("ios", "18.6"), ("ios", "26.1"), ("ipados", "15.2"), ("android", "9"))
    found = slider(TEMPLATE, param(TEMPLATE, "min_ios"), here, ("18.5",))
    assert found.stops == (
        "17", "17.4", "18.0", "18.5", "18.6", "19", "20", "21", "22", "23", "24", "25", "26", "26.1", "27"
    )  # fmt: skip
    assert found.stops[found.at] == "18.0"


def test_a_version_beside_another_make_has_its_own_stops() -> None:
    here = running(("windows", "10"), ("chromeos", "140"), ("ipados", "17.7"), ("macos", "14.2"))
    assert slider(TEMPLATE, param(TEMPLATE, "min_windows"), here).stops == ("10", "11", "12")
    assert slider(TEMPLATE, param(TEMPLATE, "min_chromeos"), here).stops == tuple(map(str, range(140, 146)))
    assert "17.7" in slider(TEMPLATE, param(TEMPLATE, "min_ipados"), here).stops
    assert "17.7" not in slider(TEMPLATE, param(TEMPLATE, "min_macos"), here).stops


def test_a_version_of_any_make_has_the_stops_of_all() -> None:
    free = small_policy(
        clause("require", on=["*:*"], need=["any", ["os_version", ">=", "$least"], ["unaltered", "==", True]]),
        params={"least": {"kind": "version", "default": "3", "label": "Least"}},
    )
    here = running(("linux", "1.5"), ("ios", "2"))
    assert slider(free, param(free, "least"), here).stops == ("1", "1.5", "2", "3", "4")


@pytest.mark.parametrize(("count", "minor"), [(70, 0), (40, 3)])
def test_there_are_never_too_many_stops(count: int, minor: int) -> None:
    here = running(*(("ios", f"{18 + number}.{minor}") for number in range(count)))
    stops = slider(TEMPLATE, param(TEMPLATE, "min_ios"), here).stops
    assert "18.0" in stops
    assert len(stops) <= 72
    assert all(later > earlier for earlier, later in zip(
        map(version_number, stops), map(version_number, stops[1:]), strict=False
    ))  # fmt: skip


def test_whole_numbers_stop_at_both_ends_and_at_what_is_chosen() -> None:
    found = slider(TEMPLATE, param(TEMPLATE, "checkin_days"), NOBODY, ("45",))
    assert (found.stops[0], found.stops[-1]) == ("1", "90")
    assert {"30", "45"} <= set(found.stops)
    open_end = small_policy(
        clause("require", on=["*:*"], need=["auto_lock_minutes", "<=", "$most"]),
        params={"most": {"kind": "int", "default": 3, "label": "At most"}},
    )
    assert slider(open_end, param(open_end, "most"), NOBODY).stops[-1] == "60"


def test_a_value_is_read_as_it_was_typed() -> None:
    assert tried(TEMPLATE, "checkin_days", " 7 ").values["checkin_days"] == 7
    assert tried(TEMPLATE, "min_ios", "26.1").values["min_ios"] == "26.1"
    for name, value in (
        ("checkin_days", "seven"),
        ("checkin_days", "9999999999"),
        ("min_ios", "newest"),
        ("min_ios", ""),
    ):
        with pytest.raises(PolicyErrors):
            tried(TEMPLATE, name, value)
