# What Usher's Python process runs. It reads requests, a line of JSON each, from its standard input and answers each
# with a line on what was its standard output. The user's code gets neither: its input is empty, and what it prints is
# part of the answer.
import sys

# No module is imported from wherever the process happens to have been started.
sys.path = [entry for entry in sys.path if entry]

import ast
import builtins
import datetime
import io
import json
import keyword
import os
import pathlib
import re
import textwrap
import threading
import traceback

IDLE = 60  # seconds without a request, after which the process ends
LONGEST = 64 * 1024  # characters of printed text that are kept
LARGEST = 1024 * 1024  # characters of a result
DEEPEST = 32
NAME = "<usher>"
KINDS = {"tuple": tuple, "set": set, "frozenset": frozenset}
HALVES = re.compile("[\ud800-\udfff]")


class Printed(io.StringIO):
    """What the code prints, as far as anybody will read it."""

    def write(self, text):
        room = LONGEST - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)


def decode(value):
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    mark = value.get("$")
    if mark == "path":
        if "v" in value:
            return pathlib.Path(value["v"])
        raw = bytes(value["b"])
        return pathlib.Path(raw.decode("utf-16-le", "surrogatepass") if os.name == "nt" else os.fsdecode(raw))
    if mark == "date":
        return datetime.date.fromisoformat(value["v"])
    if mark == "datetime":
        moment = datetime.datetime.fromisoformat(value["v"])
        if "o" in value:
            moment = moment.replace(tzinfo=datetime.timezone(datetime.timedelta(seconds=value["o"])))
        return moment
    if mark == "delta":
        return datetime.timedelta(seconds=value["v"])
    if mark == "dict":
        return {decode(key): decode(item) for key, item in value["v"]}
    if mark in KINDS:
        return KINDS[mark](map(decode, value["v"]))
    return {key: decode(item) for key, item in value.items()}


def plain(text):
    """A text without lone halves of characters: a name that is no text is made of them, and JSON cannot hold them."""
    return HALVES.sub("\ufffd", text)


def path(value):
    """A path: as text where it is text, otherwise as its bytes."""
    text = str(value)
    if plain(text) == text:
        return {"$": "path", "v": text}
    raw = text.encode("utf-16-le", "surrogatepass") if os.name == "nt" else os.fsencode(text)
    return {"$": "path", "b": list(raw)}


def encode(value, depth=0):
    if depth > DEEPEST:
        return opaque(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, int):
        return int(value) if -(2**63) <= value < 2**63 else opaque(value)
    if isinstance(value, float):
        return value if value - value == 0 else opaque(value)
    if isinstance(value, datetime.datetime):
        mark = {"$": "datetime", "v": value.replace(tzinfo=None).isoformat()}
        if value.utcoffset() is not None:
            mark["o"] = int(value.utcoffset().total_seconds())
        return mark
    if isinstance(value, datetime.date):
        return {"$": "date", "v": value.isoformat()}
    if isinstance(value, datetime.timedelta) and not value.microseconds:
        return {"$": "delta", "v": int(value.total_seconds())}
    if isinstance(value, pathlib.PurePath):
        return path(value)
    if isinstance(value, dict):
        keys = list(value)
        if all(isinstance(key, str) for key in keys) and "$" not in keys and keys == sorted(keys):
            return {plain(key): encode(value[key], depth + 1) for key in keys}
        return {"$": "dict", "v": [[encode(key, depth + 1), encode(item, depth + 1)] for key, item in value.items()]}
    if isinstance(value, list):
        return [encode(item, depth + 1) for item in value]
    for mark, kind in KINDS.items():
        if isinstance(value, kind):
            return {"$": mark, "v": [encode(item, depth + 1) for item in value]}
    return opaque(value)


def opaque(value):
    """What is known nowhere else is the two texts it has."""
    return {"$": "other", "v": plain(str(value)), "r": plain(repr(value))}


compiled = {}


def function(code, names):
    """The code as the body of a function. Its lines keep their numbers, and its texts theirs."""
    known = compiled.get((code, names))
    if known is None:
        module = ast.parse("def usercode({}):\n    pass".format(", ".join(names)), NAME)
        body = ast.parse(textwrap.dedent(code), NAME).body
        if body:
            module.body[0].body = body
        known = compile(module, NAME, "exec")
        if len(compiled) > 100:
            compiled.clear()
        compiled[(code, names)] = known
    scope = {"__name__": "usher", "__builtins__": builtins}
    exec(known, scope)
    return scope["usercode"]


def said(error):
    """The last line of the traceback, with the line of the code it is about."""
    line = None
    if isinstance(error, SyntaxError) and error.filename == NAME:
        line = error.lineno
        text = "{}: {}".format(type(error).__name__, error.msg.split(" (detected at line")[0])
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename == NAME:
                line = frame.lineno
        text = traceback.format_exception_only(type(error), error)[-1].strip()
    if isinstance(error, SystemExit):
        text = "the code called exit()"
    text = text[:1000]
    return plain(text) if line is None else "{} (line {} of the code)".format(plain(text), line)


def answer(request):
    printed = Printed()
    environment = dict(os.environ)
    sys.stdout = printed
    try:
        variables = {name: decode(value) for name, value in request["vars"].items()}
        variables["env"] = environment
        for name, value in request["clock"].items():
            variables[name] = lambda moment=decode(value): moment
        usable = [name for name in variables if name.isidentifier() and not keyword.iskeyword(name)]
        os.chdir(str(decode(request["cwd"])))
        usercode = function(request["code"], tuple(sorted(usable)))
        value = encode(usercode(**{name: variables[name] for name in usable}))
        line = json.dumps({"printed": plain(printed.getvalue()), "value": value})
        if len(line) > LARGEST:
            line = json.dumps({"printed": "", "error": "the result is larger than 1 MB"})
        return line
    except BaseException as error:
        return json.dumps({"printed": plain(printed.getvalue()), "error": said(error)})
    finally:
        sys.stdout = nowhere
        os.environ.clear()
        os.environ.update(environment)


# Copies that programs started by the user's code do not inherit.
requests = os.fdopen(os.dup(0), "rb")
answers = os.fdopen(os.dup(1), "wb")
empty = os.open(os.devnull, os.O_RDWR)
os.dup2(empty, 0)
os.dup2(empty, 1)
nowhere = open(os.devnull, "w")
sys.stdout = nowhere


def send(line):
    answers.write(line.encode("ascii") + b"\n")
    answers.flush()


send('{"python": %d}' % sys.version_info[0])
while True:
    idle = threading.Timer(IDLE, os._exit, (0,))
    idle.daemon = True
    idle.start()
    line = requests.readline()
    idle.cancel()
    if not line:
        break
    send("begun")
    send(answer(json.loads(line)))
# Threads that the user's code may have left behind are not waited for.
os._exit(0)
