"""The command line: what it prints for a person and for a machine, and how it refuses."""

import base64
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fobwatch.audit.models import Report
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.people.actions import sign_in as sign_ins
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy import actions as policy
from fobwatch.web.command_line import main
from fobwatch.web.commands import app
from tests import cast
from tests.access.policy import registered

BY = Actor.system("test")
runner = CliRunner()


def run(*words: str, stdin: str = "") -> Result:
    return runner.invoke(app, list(words), input=stdin)


def answer(*words: str, stdin: str = "") -> dict[str, object]:
    done = run(*words, "--json", stdin=stdin)
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


@pytest.fixture
def published(hospital: Organisation) -> Organisation:
    draft = policy.adopt(organisation=hospital, by=BY, now=cast.NOW)
    policy.publish(draft=draft, shown=draft.hash, by=BY, now=cast.NOW)
    return hospital


class TestAudit:
    def test_it_verifies_signs_and_exports_an_entry_that_the_script_accepts(
        self, nurse: Membership, tmp_path: Path
    ) -> None:
        sign_ins.start(person=nurse.person, membership=nurse, how="passkey", by=BY, now=cast.NOW)
        assert answer("audit", "checkpoint")["signed"] is True
        assert answer("audit", "checkpoint")["signed"] is False
        report = answer("audit", "verify")
        assert report["intact"] is True
        assert report["size"] == 1
        bundle = tmp_path / "entry.json"
        assert answer("audit", "export", "0", str(bundle))["file"] == str(bundle)
        assert json.loads(bundle.read_text())["leaf"]

    def test_a_log_that_is_not_intact_ends_with_1_and_is_not_signed(
        self, nurse: Membership, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken = Report(1, "", 0, 0, ("Entry 0 was changed.",))
        monkeypatch.setattr("fobwatch.web.commands.audit.verify_log", lambda: broken)
        assert run("audit", "verify").exit_code == 1

        def no(_now: object) -> None:
            raise refuse("We did not sign the log.", "Keep the database as it is.")

        monkeypatch.setattr("fobwatch.web.commands.audit.sign", no)
        done = run("audit", "checkpoint")
        assert done.exit_code == 1
        assert "Keep the database" in done.stderr

    @pytest.mark.parametrize("seq", ["7", "1"])
    def test_it_says_that_there_is_no_such_entry(self, db: None, tmp_path: Path, seq: str) -> None:
        done = run("audit", "export", seq, str(tmp_path / "x.json"))
        assert done.exit_code == 1
        assert "no entry" in done.stderr
        assert not (tmp_path / "x.json").exists()

    def test_it_refuses_an_entry_that_is_not_signed_yet(self, nurse: Membership, tmp_path: Path) -> None:
        sign_ins.start(person=nurse.person, membership=nurse, how="passkey", by=BY, now=cast.NOW)
        done = run("audit", "export", "0", str(tmp_path / "x.json"))
        assert done.exit_code == 1
        assert "sign" in done.stderr

    def test_it_never_writes_over_a_file_and_says_which_document_it_cannot_read(
        self, nurse: Membership, tmp_path: Path
    ) -> None:
        sign_ins.start(person=nurse.person, membership=nurse, how="passkey", by=BY, now=cast.NOW)
        there = tmp_path / "there.json"
        there.write_text("kept")
        assert run("audit", "export", "0", str(there)).exit_code == 1
        assert there.read_text() == "kept"
        done = run("audit", "export", "0", str(tmp_path / "y.json"), "--document", str(tmp_path / "gone.pdf"))
        assert "cannot be read" in done.stderr

    def test_a_fresh_key_is_32_bytes_and_another_each_time(self, capsys: pytest.CaptureFixture[str]) -> None:
        main(["audit", "key"])
        first = capsys.readouterr().out.strip()
        assert len(base64.b64decode(first)) == 32
        assert run("audit", "key").stdout.strip() != first
        assert "+" in str(answer("audit", "public-key")["vkey"])


class TestPolicy:
    def test_it_shows_the_template_and_what_is_in_force(self, published: Organisation) -> None:
        assert "1. " in run("policy", "show").stdout
        shown = answer("policy", "show", "--organisation", published.slug)
        assert len(str(shown["hash"])) == 64

    def test_it_names_the_organisations_that_there_are(self, hospital: Organisation) -> None:
        done = run("policy", "show", "--organisation", "nowhere")
        assert done.exit_code == 2
        assert hospital.slug in done.stderr
        assert "has not published" in run("policy", "show", "--organisation", hospital.slug).stderr

    @pytest.mark.parametrize(
        ("form", "word"),
        [("json", '"clause"'), ("cedar", "permit"), ("cedar-schema", "entityTypes"), ("rego", "package")],
    )
    def test_it_exports_each_form(self, db: None, form: str, word: str) -> None:
        done = run("policy", "export", form)
        assert done.exit_code == 0
        assert word.lower() in done.stdout.lower()

    def test_it_refuses_a_form_that_does_not_exist(self, db: None) -> None:
        assert run("policy", "export", "xacml").exit_code == 2

    def test_it_checks_a_file_and_says_all_that_is_wrong(self, db: None, tmp_path: Path) -> None:
        right = tmp_path / "right.json"
        right.write_text(run("policy", "export", "json").stdout)
        assert answer("policy", "check", str(right))["right"] is True
        wrong = tmp_path / "wrong.toml"
        wrong.write_text('title = "x"\n[[clause]]\nid = "a"\nkind = "require"\nneed = ["shoe_size", "==", 9]\n')
        done = run("policy", "check", str(wrong), "--json")
        assert done.exit_code == 1
        assert any("shoe_size" in problem for problem in json.loads(done.stdout)["problems"])
        assert run("policy", "check", str(tmp_path / "gone.toml")).exit_code == 2


class TestDecide:
    FACTS = {
        "platform": "ios", "os_version": "17.4", "os_fixes": 100, "screen_lock": True, "auto_lock_minutes": 2,
        "unaltered": True, "not_shared": True, "notifications_hidden": True, "contacts_reviewed": True,
        "remote_wipe_on": True, "browser_key": True, "checked_in": 0, "ownership": "personal",
        "device_state": "active", "role": "staff", "staff_group": "clinical", "employment": "active",
        "policy_read": True, "understands": 90, "passkey_verified": True, "verified": 1, "encrypted": True,
    }  # fmt: skip

    def test_a_current_phone_is_let_in_and_an_old_one_is_told_why(self, db: None) -> None:
        good = answer("decide", "--facts", "-", stdin=json.dumps({**self.FACTS, "os_version": "26.1"}))
        assert "record:view" in good["cells"]  # type: ignore[operator]
        lost = answer("decide", "--facts", "-", stdin=json.dumps({**self.FACTS, "device_state": "lost"}))
        assert lost["cells"] == []
        assert lost["reasons"]

    def test_it_prints_sentences_for_a_person(self, db: None, tmp_path: Path) -> None:
        file = tmp_path / "facts.json"
        file.write_text(json.dumps({**self.FACTS, "platform": "ios", "unaltered": False}))
        done = run("decide", "--facts", str(file))
        assert "Patient records: not yet" in done.stdout or "Patient records: no" in done.stdout

    @pytest.mark.parametrize(
        ("text", "said"),
        [("[]", "one JSON object"), ("nonsense", "cannot be read"), ('{"shoe_size": 9}', "no fact shoe_size"),
         ('{"checked_in": "yesterday"}', "not a value of checked_in"), ('{"platform": "toaster"}', "not a value")],
    )  # fmt: skip
    def test_it_refuses_what_it_cannot_read(self, db: None, text: str, said: str) -> None:
        done = run("decide", "--facts", "-", stdin=text)
        assert done.exit_code == 2
        assert said in done.stderr

    def test_it_decides_for_a_registered_device(self, published: Organisation, nurse: Membership) -> None:
        found = answer("decide", "--registration", registered(nurse).pk)
        assert found["answers"]["record"] in ("yes", "view only", "not yet")  # type: ignore[index]
        assert found["reasons"] is not None

    def test_it_needs_something_to_decide_upon(self, db: None) -> None:
        assert run("decide").exit_code == 2
        assert run("decide", "--registration", "nothing").exit_code == 2


class TestSetup:
    def test_it_prints_a_link_that_works_once_for_the_first_person(self, db: None) -> None:
        made = answer(
            "setup", "--organisation", "Larkspur Care", "--kind", "care", "--name", "Ines Farrant",
            "--email", "Ines@larkspur.example", "--phone", "01632 960 300",
        )  # fmt: skip
        member = Membership.objects.get(person__email="ines@larkspur.example")
        assert member.role == "ig_lead"
        assert "/join/" in str(made["link"])
        again = run(
            "setup", "--organisation", "Larkspur Care", "--kind", "care", "--name", "X", "--email",
            "x@larkspur.example",
            "--phone", "1",
        )  # fmt: skip
        assert again.exit_code == 1
        assert Membership.objects.count() == 1

    def test_the_first_person_of_a_practice_leads_it(self, db: None) -> None:
        answer("setup", "--organisation", "Elm Surgery", "--kind", "practice", "--name", "A", "--email",
        "a@elm.example",
               "--phone", "1")  # fmt: skip
        assert Membership.objects.get().role == "practice_lead"

    @pytest.mark.parametrize(("kind", "email"), [("bakery", "a@elm.example"), ("trust", "not an address")])
    def test_it_refuses_a_wrong_kind_or_address_and_writes_nothing(self, db: None, kind: str, email: str) -> None:
        done = run("setup", "--organisation", "E", "--kind", kind, "--name", "A", "--email", email, "--phone", "1")
        assert done.exit_code == 2
        assert Organisation.objects.count() == 0


def test_without_its_settings_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.exceptions import ImproperlyConfigured

    def refuse() -> None:
        raise ImproperlyConfigured("Set FOBWATCH_SECRET_KEY: a long random text.")

    monkeypatch.setattr("django.setup", refuse)
    with pytest.raises(SystemExit) as ended:
        main(["serve"])
    assert ended.value.code == 2


def test_other_faults_at_the_start_are_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down() -> None:
        raise RuntimeError("something else")

    monkeypatch.setattr("django.setup", break_down)
    with pytest.raises(RuntimeError):
        main(["--demo", "work", "--once"])


def test_manage_passes_on_to_django(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    main(["manage", "check"])
    assert "no issues" in capsys.readouterr().out


def test_a_command_by_its_own_name(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["policy", "export", "json"])
    assert not ended.value.code
    assert json.loads(capsys.readouterr().out)["clause"]
