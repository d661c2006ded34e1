"""The composition root of the command line: reads the arguments, runs one command, turns failures into sentences.

Exit codes: 0 done, 1 could not, 2 wrong use, 130 stopped by the user.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from core.errors import CrowdtapeError, UsageError
from ui.cli.context import Context
from ui.cli.output import complain
from ui.cli.parser import build_parser

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Generator, Sequence

DONE, COULD_NOT, WRONG_USE, STOPPED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; with no command, open the window."""
    if getattr(sys, "frozen", False):
        from multiprocessing import freeze_support  # noqa: PLC0415 - a bundle's workers start as the program itself

        freeze_support()
    with _readable_streams():
        try:
            args = build_parser().parse_args(arguments)
        except SystemExit as end:  # argparse has said what is wrong, or shown the help or the version
            return end.code if isinstance(end.code, int) else WRONG_USE
        return _guarded(lambda: _dispatch(args), debug=args.debug)


def _dispatch(args: argparse.Namespace) -> int:
    context = Context(args.data_dir)
    if args.run is None:
        from ui.app import run  # noqa: PLC0415 - Qt is for the window only

        return run(context.data_dir)
    return args.run(context, args)


def _guarded(job: Callable[[], int], *, debug: bool) -> int:
    """Run `job`; say in one sentence why it failed, with the traceback only for `--debug`."""
    try:
        code = job()
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`). Python would complain once more when it closes the stream.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return COULD_NOT
    except KeyboardInterrupt:
        if debug:
            raise
        complain("Stopped; what was done before is kept.")
        return STOPPED
    except CrowdtapeError as error:
        if debug:
            raise
        complain(str(error))
        return WRONG_USE if isinstance(error, UsageError) else COULD_NOT
    except OSError as error:
        if debug:
            raise
        complain(f"{error.filename or 'The system'}: {error.strerror or error}.")
        return COULD_NOT
    except Exception as error:  # a user sees no traceback unless asked for
        if debug:
            raise
        complain(f"Something unexpected went wrong ({type(error).__name__}: {error}); --debug shows where.")
        return COULD_NOT
    return code


@contextlib.contextmanager
def _readable_streams() -> Generator[None]:
    """Let no character of a post stop the program on a terminal or pipe that cannot show it."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            with contextlib.suppress(ValueError, OSError):
                reconfigure(errors="replace")
    yield
