"""The `fobwatch` command. Settings are chosen before Django starts; what is missing is said in one sentence."""

import os
import sys

SETTINGS = "DJANGO_SETTINGS_MODULE"


def main(arguments: list[str] | None = None) -> None:
    """Run one command. `--demo` before it means the demo's data; `demo` itself implies it."""
    os.umask(0o077)  # what is written here, a database or a copy, is for its owner alone
    given = list(sys.argv[1:] if arguments is None else arguments)
    demo = "--demo" in given[:1] or given[:1] == ["demo"]
    if given[:1] == ["--demo"]:
        given.pop(0)
    os.environ.setdefault(SETTINGS, f"fobwatch.config.settings.{'demo' if demo else 'production'}")
    if given[:2] == ["audit", "key"]:
        from fobwatch.web.keys import print_new_key  # noqa: PLC0415  needs no settings: it makes one of them

        print_new_key()
        return
    if given[:2] == ["policy", "review"]:
        from fobwatch.web.reviewing import alone  # noqa: PLC0415  needs no settings and no database

        alone(given[2:])
        return
    try:
        import django  # noqa: PLC0415

        django.setup()
    except Exception as error:
        if type(error).__name__ != "ImproperlyConfigured":
            raise
        sys.stderr.write(f"Fobwatch cannot start. {error}\nTo look around without setting anything: fobwatch demo\n")
        raise SystemExit(2) from None
    if given[:1] == ["manage"]:
        from django.core.management import execute_from_command_line  # noqa: PLC0415

        execute_from_command_line(["fobwatch manage", *given[1:]])
        return
    from fobwatch.web.commands import app  # noqa: PLC0415  the commands need Django to be ready

    app(args=given, prog_name="fobwatch")
