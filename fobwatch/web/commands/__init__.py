"""The commands, one module each; all long work shows progress, all answers exist as JSON."""

import typer

from fobwatch.web.commands import audit, copies, decide, policy, prove, running, setting_up, simulate

app = typer.Typer(
    name="fobwatch",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Staff use their own phones and laptops for work, safely, and the organisation can show it.",
)
app.command("demo")(running.demo)
app.command("serve")(running.serve)
app.command("work")(running.work)
app.command("setup")(setting_up.setup)
app.command("decide")(decide.decide)
app.command("backup")(copies.backup)
app.command("restore")(copies.restore)
app.command("purge")(copies.purge)
policy.app.command("simulate")(simulate.simulate)
policy.app.command("prove")(prove.prove)
app.add_typer(policy.app, name="policy")
app.add_typer(audit.app, name="audit")
