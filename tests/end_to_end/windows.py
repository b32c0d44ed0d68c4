"""Makes this process look like one on Windows: what only POSIX systems have is taken away.

A plugin of pytest (``-p tests.end_to_end.windows``), and a script that imports all of groqchat. It
stands in for a Windows machine as far as Python's names go. How the console, the disk and the
keyring of Windows behave it does not show.
"""

import asyncio.unix_events
import importlib
import os
import pkgutil
import select
import signal
import subprocess
import sys

# Other packages that look at the platform when they are imported.
for _name in (
    "filelock", "groq", "httpx", "keyring", "openai", "platformdirs", "rich", "shutil", "tempfile",
    "textual.drivers.linux_driver", "urllib.request", "webbrowser",
):  # fmt: skip
    importlib.import_module(_name)

MODULES = ("curses", "fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog",
           "termios", "tty")  # fmt: skip
CALLS = (
    "chown", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getloadavg",
    "getpgid", "getpgrp", "getpriority", "getsid", "getuid", "kill", "killpg", "mkfifo", "openpty",
    "pidfd_open", "sched_getaffinity", "setpgid", "setsid", "statvfs", "sysconf", "tcgetpgrp",
    "tcsetpgrp", "ttyname", "uname",
)  # fmt: skip
SIGNALS = ("SIGCONT", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSTOP", "SIGTSTP", "SIGTTIN",
           "SIGTTOU", "SIGUSR1", "SIGUSR2", "SIGWINCH", "setitimer", "alarm")  # fmt: skip
# Only Linux has these packages, and only its module for them imports them.
ONLY_ON_LINUX = {"groqchat.storage.keys.secret_service"}

_kill = os.kill


def take_away(owner, names):
    """Remove attributes, of which this Python may lack some itself."""
    for name in names:
        if hasattr(owner, name):
            delattr(owner, name)


def refuse(*_):
    """What an event loop of Windows says."""
    raise NotImplementedError


def become_windows():
    """Take away modules and calls before groqchat is imported."""
    for name in MODULES:
        sys.modules[name] = None
    # Windows ends a program without a signal.
    subprocess.Popen.send_signal = lambda self, number: _kill(self.pid, number)
    take_away(os, CALLS)
    take_away(select, ("poll", "epoll", "kqueue"))
    loop = asyncio.unix_events._UnixSelectorEventLoop
    loop.add_signal_handler = loop.add_reader = loop.add_writer = refuse


def pytest_sessionstart():
    """Take away what pytest itself still needed; all later choices are those on Windows."""
    take_away(signal, SIGNALS)
    sys.platform = "win32"


def import_everything():
    """Import every module of groqchat; returns their names."""
    import groqchat

    walked = pkgutil.walk_packages(groqchat.__path__, "groqchat.")
    names = [each.name for each in walked if each.name not in ONLY_ON_LINUX]
    for name in names:
        if name != "groqchat.__main__":
            importlib.import_module(name)
    return names


become_windows()
if __name__ == "__main__":
    pytest_sessionstart()
    print(len(import_everything()))
