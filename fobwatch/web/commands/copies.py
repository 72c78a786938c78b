"""backup, restore and purge."""

from pathlib import Path

import typer

from fobwatch.kernel.clock import now
from fobwatch.web.backup import CannotCopy, make_backup, restore_backup
from fobwatch.web.commands.printing import Json, give_up, say
from fobwatch.web.retention import purge_all


def backup(to: Path = typer.Argument(help="The file to write. It must not exist yet."), as_json: bool = Json) -> None:
    """Write a copy of the whole database to one file, while people go on working."""
    try:
        made = make_backup(to, now=now())
    except CannotCopy as reason:
        give_up(str(reason), as_json=as_json)
    say(
        f"Copied to {to}: {made.size:,} bytes, log of {made.log_size:,} entries. Keep it as safe as the database.",
        as_json=as_json, **made._asdict(),
    )  # fmt: skip


def restore(
    source: Path = typer.Argument(help="A file written by fobwatch backup."),
    replace: bool = typer.Option(False, help="Set the present database aside (it is kept beside, renamed)."),
    as_json: bool = Json,
) -> None:
    """Put a copy back, and check its log before anybody works with it. Stop serve and work first."""
    try:
        made = restore_backup(source, replace=replace, now=now())
    except CannotCopy as reason:
        give_up(str(reason), as_json=as_json)
    say(
        f"Restored from {source}. The log of {made.log_size:,} entries is intact. You can start serve and work.",
        as_json=as_json, **made._asdict(),
    )  # fmt: skip


def purge(
    really: bool = typer.Option(False, "--really", help="Delete. Without it, only count."), as_json: bool = Json
) -> None:
    """Delete what is past its time of keeping; without --really, say what would be deleted."""
    done = purge_all(now(), only_count=not really)
    word = "deleted" if really else "to delete"
    lines = [f"{row.table}: {row.rows:,} {word}. {row.kept_because}".strip() for row in done]
    say(
        "\n".join(lines) or "Nothing is past its time.", as_json=as_json, deleted=really,
        tables=[{"table": row.table, "rows": row.rows, "kept_because": row.kept_because} for row in done],
    )  # fmt: skip
