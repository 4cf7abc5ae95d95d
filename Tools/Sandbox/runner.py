"""Runs one feature function over many texts, inside the sandbox.

Standard input: a JSON line {"source", "limits", "watches"}, then one JSON string per text.
Standard output: one JSON line per text, a number or {"missing": reason}; or, as the last line,
{"fault": kind, "detail": text, "row": number of the text, 0 while loading}.
"""
import json
import math
import os
import resource
import sys


class Forbidden(BaseException):
    """Raised in the tool where it reaches for the system."""


def main():
    header = json.loads(sys.stdin.buffer.readline())
    answers = os.fdopen(os.dup(1), "wb", 1 << 16)
    # What the tool prints joins its messages.
    os.dup2(2, 1)
    confine(header["limits"])
    attempts = []
    program = error = None
    try:
        # Before anything is watched: a syntax error looks for its file.
        program = compile(header["source"], "tool.py", "exec")
    except BaseException as caught:
        error = caught
    if header["watches"]:
        watch(attempts)
    run(program, error, answers, attempts)
    answers.flush()
    # Threads that the tool left behind end here.
    os._exit(0)


def confine(limits):
    for name, value in (
        ("AS", limits["memory"]),
        ("FSIZE", 0),
        ("NOFILE", limits["files"]),
        ("CORE", 0),
        ("MEMLOCK", 0),
        ("MSGQUEUE", 0),
    ):
        resource.setrlimit(getattr(resource, "RLIMIT_" + name), (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 1))


def watch(attempts):
    """Notes what the tool tries; the walls do not rest on this, its report does."""
    library = tuple({os.path.realpath(path) + "/" for path in sys.path if path} | {p + "/" for p in sys.path if p})
    reading = ("open", "os.listdir", "os.scandir")
    quiet = ("os.fwalk", "os.walk", "os.getxattr", "os.add_dll_directory")

    def hook(event, arguments):
        root = event.split(".")[0]
        if event in reading:
            path = arguments[0]
            writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & 0o1103
            if isinstance(path, str) and not writes and (path + "/").startswith(library) and ".." not in path:
                return
        elif root not in {"os", "socket", "subprocess", "ctypes", "mmap", "pty", "shutil", "signal", "tempfile",
                          "fcntl", "syslog", "urllib", "http", "ftplib", "smtplib", "sqlite3", "resource",
                          "glob", "pathlib", "gc"} or event in quiet:
            return
        attempts.append(event + " " + ", ".join(repr(a)[:80] for a in arguments[:2]))
        raise Forbidden(event)

    sys.addaudithook(hook)


def run(program, error, answers, attempts):
    row = 0

    def fault(kind, detail):
        line = {"fault": kind, "detail": str(detail)[:300], "row": row}
        answers.write(json.dumps(line).encode() + b"\n")

    def stop_reason(error):
        """The fault that ends the run, if the error is one."""
        if attempts:
            return "forbidden", attempts[0]
        if isinstance(error, MemoryError):
            return "memory", ""
        if isinstance(error, OSError):
            return "system", describe(error)
        if error is not None and not isinstance(error, Exception):
            return "exit", describe(error)
        return None

    space = {"__name__": "tool"}
    try:
        if error is None:
            exec(program, space)
    except BaseException as caught:
        error = caught
    stop = stop_reason(error)
    if stop or error is not None:
        return fault(*(stop or ("load", describe(error))))
    feature = space.get("feature")
    if not callable(feature):
        return fault("load", "it defines no function feature(text)")
    for line in sys.stdin.buffer:
        row += 1
        value, error = None, None
        text = json.loads(line)
        try:
            value = feature(text)
        except BaseException as caught:
            error = caught
        stop = stop_reason(error)
        if stop:
            return fault(*stop)
        if error is not None:
            answer = json.dumps({"missing": describe(error)})
        elif value is None:
            answer = '{"missing": "the tool gave None"}'
        elif type(value) not in (int, float, bool):
            return fault("type", type(value).__name__[:80] + " " + ascii(value)[:80])
        else:
            try:
                number = float(value)
            except OverflowError:
                number = float("inf")
            if not math.isfinite(number):
                return fault("finite", number)
            answer = repr(number)
        answers.write(answer.encode() + b"\n")


def describe(error):
    line = ""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "tool.py":
            line = " (line %d)" % trace.tb_lineno
        trace = trace.tb_next
    try:
        message = ascii(str(error))[1:-1][:160]
    except BaseException:
        message = "?"
    return type(error).__name__[:60] + ": " + message + line


main()
