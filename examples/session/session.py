"""A trading session without the trading, in Python: what session.ts does, through the command line.

It reads its configuration with `peak config show --format json`, says what was applied and what was ignored, and reads
again before each tick. It sends no order and knows no exchange; each tick prints the parameters it would use.

    python3 examples/session/session.py --env live --ticks 3

Python 3.11, standard library only.
"""

import argparse
import hashlib
import json
import shlex
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass

# The parameters that this session would trade with.
PARAMETERS = ("portfolio.leverage", "strategy.trigger_delay", "macro.regime_weight")
# Seconds until a call of peak counts as failed.
PATIENCE = 60


@dataclass(frozen=True)
class Loaded:
    """A configuration, and what the loader said about it."""

    config: dict
    lines: tuple[str, ...]
    digest: str


class LoadError(Exception):
    """The configuration cannot be loaded."""


def load(options):
    """One call of peak is one consistent state: values on stdout, what was applied or ignored on stderr."""
    command = [*shlex.split(options.peak), "config", "show", "--root", options.root, "--format", "json"]
    if options.env is not None:
        command += ["--env", options.env]
    if options.no_overrides:
        command.append("--no-overrides")
    if options.session is not None:
        # The call that loads is the one that says so: what is noted is what is used.
        command += ["--ack", options.session]
    try:
        # Its own session, so that Ctrl-C ends this program and not a reading half done.
        run = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False, start_new_session=True)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LoadError(f"{options.peak} cannot be run: {error}") from error
    said = run.stderr.decode("utf-8", "replace").rstrip("\n")
    if run.returncode != 0:
        raise LoadError(said or f"{options.peak} ended with exit code {run.returncode}")
    digest = hashlib.sha256(run.stdout).hexdigest()
    return Loaded(json.loads(run.stdout), tuple(said.splitlines()), digest)


def show(config, target):
    """The value at a dotted target as JSON text."""
    node = config
    for key in target.split("."):
        if not isinstance(node, dict) or key not in node:
            return '"missing"'
        node = node[key]
    return json.dumps(node, ensure_ascii=False)


def say(lines):
    for line in lines:
        print(line, file=sys.stderr, flush=True)


def tell(line):
    print(line, flush=True)


class Session:
    """Holds the last good configuration."""

    def __init__(self, options):
        self.options = options
        self.current = load(options)
        self.fault = None
        say(self.current.lines)
        mode = show(self.current.config, "environment.mode")
        tell(f"session: environment.mode {mode}; digest {self.current.digest[:12]}")

    def reload(self):
        """Takes over what has changed. A bad base configuration changes nothing: the last good one stays."""
        try:
            loaded = load(self.options)
        except LoadError as error:
            self.keep_last_good(str(error))
            return
        if self.fault is not None:
            tell("reload: the base configuration is good again")
        self.fault = None
        before, self.current = self.current, loaded
        if (loaded.digest, loaded.lines) == (before.digest, before.lines):
            return
        say(loaded.lines)
        moves = [(target, show(before.config, target), show(loaded.config, target)) for target in PARAMETERS]
        changes = ", ".join(f"{target} {old} → {new}" for target, old, new in moves if old != new)
        tell(f"reload: {changes or 'no parameter of this session moved'}; digest {loaded.digest[:12]}")

    def keep_last_good(self, fault):
        if fault == self.fault:
            return
        self.fault = fault
        say([fault])
        tell(f"reload: failed; the last good configuration stays; digest {self.current.digest[:12]}")

    def run(self, stopped):
        ticks = 0
        while not stopped.is_set():
            if ticks > 0:
                self.reload()
            ticks += 1
            values = ", ".join(f"{target} = {show(self.current.config, target)}" for target in PARAMETERS)
            tell(f"tick {ticks}: {values}")
            if self.options.ticks is not None and ticks >= self.options.ticks:
                break
            stopped.wait(self.options.interval)
        tell(f"session: ended after {ticks} ticks")


def parse_options():
    parser = argparse.ArgumentParser(description="A trading session without the trading.")
    parser.add_argument("--root", default=".", help="the governed folder")
    parser.add_argument("--env", help="as if environment.mode were this")
    parser.add_argument("--no-overrides", action="store_true", help="run on base values")
    parser.add_argument("--session", help="the name under which peak status finds what was loaded")
    parser.add_argument("--ticks", type=int, help="end after so many ticks; default: at SIGINT")
    parser.add_argument("--interval", type=float, default=5.0, help="seconds between ticks; each one runs peak")
    parser.add_argument("--peak", default="npx peak", help="how to start peak")
    return parser.parse_args()


def main():
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        session = Session(parse_options())
    except LoadError as error:
        say([str(error)])
        return 2
    session.run(stopped)
    return 0


if __name__ == "__main__":
    sys.exit(main())
