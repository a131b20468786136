"""What processes cost, as the kernel counts it: CPU, bytes written, memory. A system is a set of process trees."""
import os

TICK = os.sysconf("SC_CLK_TCK")


def _read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def tree(roots):
    """The processes and all that descend from them."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            fields = _read(f"/proc/{name}/stat").rpartition(")")[2].split()
            if fields:
                children.setdefault(int(fields[1]), []).append(int(name))
    found, waiting = [], list(roots)
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def _cpu(stat, with_children=False):
    fields = stat.rpartition(")")[2].split()
    ticks = sum(int(field) for field in fields[11:15 if with_children else 13]) if fields else 0
    return ticks / TICK


def cpu(roots):
    """CPU seconds of the trees, with those of children that have ended."""
    return sum(_cpu(_read(f"/proc/{pid}/stat"), True) for pid in tree(roots))


def cpu_of_threads(roots, name):
    """CPU seconds of the threads of that name, by the name of their process."""
    seconds = {}
    for pid in tree(roots):
        try:
            threads = os.listdir(f"/proc/{pid}/task")
        except OSError:
            continue
        process = _read(f"/proc/{pid}/comm").strip()
        for thread in threads:
            stat = _read(f"/proc/{pid}/task/{thread}/stat")
            if f"({name})" in stat:
                seconds[process] = seconds.get(process, 0.0) + _cpu(stat)
    return seconds


def written(roots):
    """Bytes that the trees caused to be sent to the disk; what their children wrote that have ended counts."""
    total = 0
    for pid in tree(roots):
        for line in _read(f"/proc/{pid}/io").splitlines():
            if line.startswith("write_bytes:"):
                total += int(line.split()[1])
    return total


def memory(roots):
    """Proportional set size in bytes: pages that are shared count once."""
    total = 0
    for pid in tree(roots):
        for line in _read(f"/proc/{pid}/smaps_rollup").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total
