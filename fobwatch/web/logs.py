"""Structured log lines without personal data: level, logger, where in the code, and the kind of an error."""

import json
import logging
import traceback


class Json(logging.Formatter):
    """One JSON object a line. A record's message is kept only where it is the program's own constant text.

    Arguments, request paths and exception texts may hold what a person typed, so none of them is written:
    of an exception the type and the place in our code are.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line for a record."""
        line: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": str(record.msg),
        }
        status = getattr(record, "status_code", None)
        if status is not None:
            line["status"] = status
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            frames = traceback.extract_tb(trace)
            line["error"] = kind.__name__
            line["where"] = [f"{frame.name}:{frame.lineno}" for frame in frames[-6:]]
        return json.dumps(line, ensure_ascii=True)
