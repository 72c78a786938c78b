"""audit: verify the log, sign it, take one entry out with its proof, make a key."""

import json
from pathlib import Path

import typer

from fobwatch.audit.jobs import checkpoint as sign
from fobwatch.audit.jobs import export_bundle, verify_log, vkey
from fobwatch.audit.models import Entry
from fobwatch.kernel.clock import now
from fobwatch.kernel.verdict import Refused
from fobwatch.web.commands.printing import Json, give_up, say

app = typer.Typer(no_args_is_help=True, help="The log: verify it, sign it, take proof away.")


@app.command()
def verify(as_json: bool = Json) -> None:
    """Check the whole log against its head and every signed checkpoint. Ends with 1 where it is not intact."""
    report = verify_log()
    say(
        report.sentence, as_json=as_json, intact=report.intact, size=report.size, root=report.root,
        checkpoints=report.checkpoints, faults=list(report.faults),
    )  # fmt: skip
    if not report.intact:
        raise typer.Exit(1)


@app.command()
def checkpoint(as_json: bool = Json) -> None:
    """Sign the log as it stands now. The worker does this every hour."""
    try:
        signed = sign(now())
    except Refused as refused:
        give_up(f"{refused.verdict.reason} {refused.verdict.next_step}", as_json=as_json)
    say(
        signed.note if signed else "Nothing was added since the last checkpoint.", as_json=as_json,
        signed=signed is not None, note=signed.note if signed else "",
    )  # fmt: skip


@app.command()
def export(
    seq: int = typer.Argument(help="The number of the entry in the log."),
    to: Path = typer.Argument(help="The file to write. It must not exist yet."),
    document: Path = typer.Option(None, help="The document whose hash the entry holds, to go with it."),
    as_json: bool = Json,
) -> None:
    """Write one entry with its proof to a file that anybody can check offline with verify.py."""
    if to.exists():
        give_up(f"{to} exists already. Choose another name.", as_json=as_json)
    try:
        bundle = export_bundle(seq, document.read_bytes() if document else None)
    except Entry.DoesNotExist:
        give_up(f"The log has no entry {seq}.", as_json=as_json)
    except OSError:
        give_up(f"{document} cannot be read.", as_json=as_json)
    except Refused as refused:
        give_up(f"{refused.verdict.reason} {refused.verdict.next_step}", as_json=as_json)
    to.write_text(json.dumps(bundle, indent=1, ensure_ascii=False) + "\n")
    say(f"Entry {seq} is in {to}. Check it with: python verify.py {to}", as_json=as_json, seq=seq, file=str(to))


@app.command("public-key")
def public_key(as_json: bool = Json) -> None:
    """Print the public key of the log. Publish it somewhere else than beside the log."""
    say(vkey(), as_json=as_json, vkey=vkey())


@app.command()
def key() -> None:
    """Print a fresh secret key for FOBWATCH_LOG_KEY. It is stored nowhere."""
    from fobwatch.web.keys import print_new_key  # noqa: PLC0415  the same command runs without settings

    print_new_key()
