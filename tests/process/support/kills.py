#!/usr/bin/env python3
"""Runs a pipeline with --once and kills its processes at random moments, until the run ends by itself.

Usage: kills.py SEED MOST SECONDS COMMAND...

COMMAND is the run. Broker and stages may be hit, and the supervisor: the command is then started again, as an operator
would. At most MOST kills are made; the whole may take so many SECONDS. Prints how many there were; ends with the status of the last run, and what
that wrote to standard output goes to standard output.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time

PAUSE = (0.02, 0.12)  # seconds between two kills
SUPERVISOR_SHARE = 0.04  # of the kills


def read(path):
    try:
        with open(path, encoding="ascii") as file:
            return file.read()
    except OSError:  # the process has just ended
        return ""


def processes_of(pid):
    """Broker and stages; not those that look at plugins before the run begins."""
    children = read(f"/proc/{pid}/task/{pid}/children").split()
    return sorted(int(child) for child in children if read(f"/proc/{child}/comm").startswith("referat-"))


def kill_one(run, rng):
    """Kills a process of the run. Returns what was hit, or None when there was nothing."""
    victims = processes_of(run.pid)
    if not victims:
        return None
    victim = run.pid if rng.random() < SUPERVISOR_SHARE else rng.choice(victims)
    try:
        os.kill(victim, signal.SIGKILL)
    except ProcessLookupError:  # it has just ended
        return None
    return "supervisor" if victim == run.pid else "child"


def run_once(command, rng, most, deadline):
    """Starts the command and kills until it ends. Returns (kills, status, output); status -9: the supervisor was hit."""
    kills = 0
    with tempfile.TemporaryFile() as output, subprocess.Popen(command, stdout=output) as run:
        while run.poll() is None:
            if time.monotonic() > deadline:
                run.kill()
                sys.exit("kills.py: the run did not come to its end")
            time.sleep(rng.uniform(*PAUSE))
            if kills < most and kill_one(run, rng):
                kills += 1
        output.seek(0)
        return kills, run.returncode, output.read()


def main():
    seed, most, seconds, command = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    rng = random.Random(seed)
    deadline = time.monotonic() + seconds
    kills, status, output = 0, -signal.SIGKILL, b""
    while status == -signal.SIGKILL:
        more, status, output = run_once(command, rng, most - kills, deadline)
        kills += more
    sys.stdout.buffer.write(output)
    print(f"{kills} kills", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
