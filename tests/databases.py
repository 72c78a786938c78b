"""The tests once more on PostgreSQL, where it answers: `python -m tests.databases`."""

import os
import subprocess
import sys

import psycopg

ADDRESS = os.environ.get("DATABASE_URL") or "postgresql://postgres:postgres@127.0.0.1:5432/postgres"


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    """Exit code of pytest; 0 with a plain sentence where there is no PostgreSQL to ask."""
    try:
        psycopg.connect(ADDRESS, connect_timeout=3).close()
    except psycopg.OperationalError as problem:
        refused = "authentication" in str(problem) or "does not exist" in str(problem)
        say(
            "PostgreSQL answers, but does not let us in: not run. Set DATABASE_URL."
            if refused
            else "PostgreSQL does not answer on loopback: not run."
        )
        return 0
    say("Once more on PostgreSQL:")
    command = [sys.executable, "-m", "pytest", "-n", "2", "-m", "not journey", *sys.argv[1:]]
    return subprocess.run(command, env={**os.environ, "DATABASE_URL": ADDRESS}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
