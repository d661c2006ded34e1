"""Set up, run and test Crowdtape from a checkout, with nothing but a Python: `python3 packaging/dev.py run`.

This file only finds a Python that Crowdtape supports and hands over to `commands`. It stays free of anything a
Python 3.6 cannot read, so that an old machine gets a sentence instead of a syntax error.
"""

import os
import shutil
import subprocess
import sys

SUPPORTED = ("3.13", "3.12", "3.11")


def answers(command, version):  # noqa: ANN001, ANN201 -- readable by Python 3.6, see above
    """Tell whether the command is a Python of that version; a name on PATH may be a stub that starts nothing."""
    probe = "import sys; print('{}.{}'.format(*sys.version_info))"
    try:
        output = subprocess.check_output([*command, "-c", probe], stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return False
    return output.decode().strip() == version


def supported_python():  # noqa: ANN201 -- readable by Python 3.6, see above
    """Find the newest supported Python on PATH, as the start of a command line; an empty list when there is none."""
    for version in SUPPORTED:
        found = shutil.which("python" + version)
        if found and answers([found], version):
            return [found]
        if os.name == "nt" and answers(["py", "-" + version], version):
            return ["py", "-" + version]
    return []


def start(arguments):  # noqa: ANN001, ANN201 -- readable by Python 3.6, see above
    """Run the command with a supported Python, this one if it is; returns the exit code."""
    version = "{}.{}".format(*sys.version_info)
    if version not in SUPPORTED:
        other = supported_python()
        if other and os.name == "nt":
            return subprocess.call([*other, __file__, *arguments])
        if other:
            os.execv(other[0], [*other, __file__, *arguments])  # noqa: S606 -- no shell is wanted
        if sys.version_info[:2] < (3, 11):  # noqa: UP036 -- this file is read by older ones
            print(
                f"Crowdtape needs Python 3.11, 3.12 or 3.13; this is {version} and PATH holds no newer one: "
                "install one (Ubuntu 22.04: apt-get install python3.11-venv) and start again.",
                file=sys.stderr,
            )
            return 1
        print(f"Python {version} is newer than those Crowdtape is tested with (3.11 to 3.13).", file=sys.stderr)
    from commands import main  # noqa: PLC0415 -- an older Python could not read it

    return main(arguments)


if __name__ == "__main__":
    sys.exit(start(sys.argv[1:]))
