"""Runs organize over many cases, so that its start is paid for once.

Reads a JSON list of cases from stdin, each `{"args": [...], "cwd": "...", "env": {...}, "stdin": "..."}`, and prints a
JSON list of answers `{"code": 0, "out": "...", "crash": null | "module.Exception"}` in the same order.

Every case has a process of its own, forked from this one: what organize keeps between cases (the environment, the
working directory, the trash's place) ends with it.
"""

import contextlib
import importlib
import io
import json
import mimetypes
import os
import shutil
import sys
import time
import traceback

import organize.cli
import organize.filters.filecontent
import organize.find_config


# What this machine knows of MIME types beyond Python's own table is not what the tests are about.
mimetypes.knownfiles.clear()

# Without the program pdftotext, organize is meant to fall back to the library pdfminer, and misses to: the program that is
# not there ends its own check. What it says of PDF files is then nothing that could be compared.
if shutil.which("pdftotext") is None:
    organize.filters.filecontent._pdftotext_available = lambda: False


def run(case):
    os.environ.clear()
    os.environ.update(case["env"])
    time.tzset()
    os.chdir(case["cwd"])
    # The places it looks into are fixed when it is loaded.
    importlib.reload(organize.find_config)
    sys.stdin = io.StringIO(case["stdin"])
    out = io.StringIO()
    code, crash = 0, None
    # A table in an error message is as wide as the terminal is said to be.
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            organize.cli.cli(case["args"])
        except SystemExit as end:
            # docopt leaves with its text, which a real process ends with 1.
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException as error:  # what ends a real process with a traceback and 1
            code = 1
            crash = f"{type(error).__module__}.{type(error).__qualname__}"
            traceback.print_exc(file=out)
    return {"code": code, "out": out.getvalue(), "crash": crash}


def forked(case):
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        # organize's own commands write past Python's stdout; nothing but the answer may reach ours.
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        try:
            answer = json.dumps(run(case)).encode()
            while answer:
                answer = answer[os.write(theirs, answer) :]
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return json.loads(answer)


json.dump([forked(case) for case in json.load(sys.stdin)], sys.stdout)
