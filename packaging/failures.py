"""Why set-up cannot go on, each as one sentence a user can act on."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NEEDED_MB = 1300  # measured on Linux: 1.0 GB installed, the rest for the largest archive while it is unpacked
VERSION = "{}.{}".format(*sys.version_info)  # of the Python that runs this

# What pip says, and the sentence for it. The first that fits counts, so the more specific come first.
_PIP_SENTENCES = (
    (r"No space left on device|Errno 28|not enough space", "The disk is full: free {needed:.1f} GB and start again."),
    (
        r"DO NOT MATCH THE HASHES",
        (
            "A downloaded package is not the one that was locked{subject}, so nothing of it was installed; "
            "the package index or a proxy on the way altered it."
        ),
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError",
        (
            "The package index shows a certificate that this machine does not trust: "
            "name your network's CA file in PIP_CERT and start again."
        ),
    ),
    (r"ProxyError|Tunnel connection failed", "The proxy refuses pip: check HTTPS_PROXY and start again."),
    (
        (
            r"NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|ConnectionResetError"
            r"|Connection refused|Read timed out|Network is unreachable|Temporary failure in name resolution"
            r"|IncompleteRead|RemoteDisconnected"
        ),
        (
            "The package index cannot be reached: connect this machine to the network (or set HTTPS_PROXY or "
            "PIP_INDEX_URL) and start again."
        ),
    ),
    (
        r"No matching distribution found for (?P<subject>\S+)",
        "The package index has no{subject} for this machine (Python {version}, {platform}).",
    ),
    (
        r"Permission denied|Access is denied",
        "No permission to write in {venv}: make it yours, or delete it, and start again.",
    ),
)


class SetupError(Exception):
    """Set-up cannot go on; the text is one sentence for the user."""


def explain_pip(output: str, venv: Path, *, disk_full: bool = False) -> str:
    """Return one sentence for what made pip fail, from what it printed."""
    if disk_full:
        output = "No space left on device"
    for pattern, sentence in _PIP_SENTENCES:
        found = re.search(pattern, output)
        if found:
            subject = found.groupdict().get("subject") or ""
            if "HASHES" in pattern:  # the package stands some lines below
                named = re.search(r"^ {4}(\S+?==\S+) from ", output, re.MULTILINE)
                subject = f"({named[1]})" if named else ""
            return sentence.format(
                needed=NEEDED_MB / 1000,
                subject=f" {subject}" if subject else "",
                version=VERSION,
                platform=sys.platform,
                venv=venv,
            )
    errors = re.findall(r"^ERROR: (.+)$", output, re.MULTILINE)
    return f"pip could not install the packages: {errors[-1] if errors else 'it says no more'}"
