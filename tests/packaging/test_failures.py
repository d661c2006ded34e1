"""Whatever stops pip, the user reads one sentence that says what to do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

# As pip 23 to 25 print them.
REFUSED = (
    "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken "
    "by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPConnection object at 0x7f>: Failed to establish a new "
    "connection: [Errno 111] Connection refused')': /simple/appdirs/\n"
    "ERROR: Could not find a version that satisfies the requirement appdirs==1.4.4 (from versions: none)\n"
    "ERROR: No matching distribution found for appdirs==1.4.4\n"
)
PROXY = REFUSED.replace("'NewConnectionError", "'ProxyError('Cannot connect to proxy.', NewConnectionError")
CERTIFICATE = (
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'SSLError(SSLCertVerificationError(1, '[SSL: "
    "CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate'))': /simple/appdirs/\n"
    "ERROR: No matching distribution found for appdirs==1.4.4\n"
)
HASHES = """ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package \
versions, please update the hashes. Otherwise, examine the package contents carefully; someone may have tampered \
with them.
    ijson==3.6.0 from file:///mirror/ijson-3.6.0.whl (from -r requirements.lock (line 9)):
        Expected sha256 00
             Got        11
"""


@pytest.mark.parametrize(
    ("output", "says"),
    [
        (REFUSED, "package index cannot be reached"),
        (PROXY, "check HTTPS_PROXY"),
        (CERTIFICATE, "PIP_CERT"),
        (HASHES, r"locked \(ijson==3\.6\.0\)"),
        (
            "ERROR: No matching distribution found for numpy==2.4.6\n",
            r"no numpy==2\.4\.6 for this machine",
        ),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n", "disk is full"),
        ("ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: 'x'\n", "No permission"),
        ("noise\nERROR: first\nERROR: something unheard of\n", "something unheard of"),
        ("", "pip could not install the packages"),
    ],
)
def test_that_what_pip_printed_becomes_one_sentence(tools: Any, output: str, says: str) -> None:
    sentence = tools.failures.explain_pip(output, Path("/p/.venv"))
    assert re.search(says, sentence)
    assert "\n" not in sentence


def test_that_a_full_disk_is_named_even_if_pip_could_not_say_so(tools: Any) -> None:
    assert "disk is full" in tools.failures.explain_pip(REFUSED, Path("/p/.venv"), disk_full=True)
