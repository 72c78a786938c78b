"""What is past its time goes, from the top of the ladder down, and what others lean on stays."""

import datetime as dt
import json

import pytest
from typer.testing import CliRunner

from fobwatch.audit.jobs import verify_log
from fobwatch.audit.models import names_of
from fobwatch.devices.models import Device, Registration
from fobwatch.people.models import Challenge, Membership, Person
from fobwatch.web import retention
from fobwatch.web.commands import app
from tests import cast

runner = CliRunner()


class TestRetention:
    @pytest.fixture
    def old_challenge(self, db: None) -> Challenge:
        old = cast.NOW - dt.timedelta(days=30)
        return Challenge.objects.create(purpose="sign_in", value="a" * 43, created_at=old, expires_at=old)

    def test_it_counts_without_deleting_and_deletes_when_told(self, old_challenge: Challenge) -> None:
        counted = runner.invoke(app, ["purge", "--json"])
        tables = json.loads(counted.stdout)["tables"]
        assert {"table": "people.Challenge", "rows": 1, "kept_because": ""} in tables
        assert Challenge.objects.count() == 1
        assert "1 deleted" in runner.invoke(app, ["purge", "--really"]).stdout
        assert Challenge.objects.count() == 0
        assert "Nothing is past its time" in runner.invoke(app, ["purge"]).stdout

    def test_rows_that_others_lean_on_stay_and_that_is_said(self, nurse: Membership) -> None:
        nurse.employment, nurse.leaves_on = "left", dt.date(2010, 1, 1)
        nurse.save()
        self.registered(nurse, "active", cast.NOW)
        done = {row.table: row for row in retention.purge_all(cast.NOW)}
        assert done["people.Membership"].rows == 0
        assert done["people.Membership"].kept_because == "1 past their time stay: other records still lean on them."
        assert Membership.objects.filter(pk=nurse.pk).exists()

    def test_rows_that_may_go_are_not_held_back_by_those_that_stay(self, nurse: Membership, porter: Membership) -> None:
        Membership.objects.filter(pk__in=[nurse.pk, porter.pk]).update(employment="left", leaves_on="2010-01-01")
        self.registered(nurse, "active", cast.NOW)
        done = {row.table: row for row in retention.purge_all(cast.NOW)}
        assert (done["people.Membership"].rows, done["people.Person"].rows) == (1, 1)
        assert list(Membership.objects.filter(pk__in=[nurse.pk, porter.pk])) == [nurse]
        assert not Person.objects.filter(pk=porter.person_id).exists()

    @pytest.mark.parametrize("state", ["retired", "lost"])
    def test_a_removed_registration_goes_after_two_years_with_its_device(self, nurse: Membership, state: str) -> None:
        over = cast.NOW - dt.timedelta(days=730, seconds=1)
        old = self.registered(nurse, state, over)
        for kept_state, at in ((state, over + dt.timedelta(seconds=1)), ("active", over), ("suspended", over)):
            self.registered(nurse, kept_state, at)
        done = {row.table: row.rows for row in retention.purge_all(cast.NOW)}
        assert (done["devices.Registration"], done["devices.Device"]) == (1, 1)
        assert not Registration.objects.filter(pk=old.pk).exists()
        assert not Device.objects.filter(pk=old.device_id).exists()
        assert Registration.objects.count() == Device.objects.count() == 3
        assert Person.objects.filter(pk=nurse.person_id).exists()

    def test_a_device_stays_while_another_organisation_has_it(self, nurse: Membership, outsider: Membership) -> None:
        old = self.registered(nurse, "retired", cast.NOW - dt.timedelta(days=731))
        self.registered(outsider, "active", cast.NOW, device=old.device)
        done = {row.table: row.rows for row in retention.purge_all(cast.NOW)}
        assert "devices.Device" not in done
        assert Device.objects.get() == old.device

    def test_the_log_still_names_what_was_purged(self, nurse: Membership) -> None:
        old = self.registered(nurse, "retired", cast.NOW - dt.timedelta(days=731))
        suspended = f"registration:{old.pk}"
        assert names_of({suspended}) == {suspended: "Phone, Amara Osei"}
        retention.purge_all(cast.NOW)
        assert names_of({suspended}) == {suspended: f"Registration {old.pk[:8]}"}
        assert verify_log().intact

    @staticmethod
    def registered(member: Membership, state: str, at: dt.datetime, device: Device | None = None) -> Registration:
        device = device or Device.objects.create(person=member.person, label="Phone", created_at=at)
        return Registration.objects.create(
            organisation=member.organisation, device=device, membership=member, ownership="personal", state=state,
            state_at=at, created_at=at,
        )  # fmt: skip
