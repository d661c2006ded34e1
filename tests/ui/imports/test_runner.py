from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from ui.cli.parser import build_parser
from ui.imports.control import Imports
from ui.imports.request import ImportRequest
from ui.imports.runner import ImportRunner

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

REQUEST = ImportRequest("posts", ("a.csv",))
TALK = """
import json, sys
print(json.dumps({"progress": {"file": "a.csv", "done": 50, "total": 100, "rows": 7}}), flush=True)
print("noise that is no JSON", flush=True)
print(json.dumps({"read": 9, "added": 8, "duplicates": 0, "rejected": 1, "rejections": [], "linked": {}}), end="")
"""


def _command(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_that_progress_and_report_are_read_line_by_line(qtbot: QtBot) -> None:
    runner = ImportRunner(REQUEST, None, _command(TALK))
    seen: list[tuple[float, int]] = []
    runner.progressed.connect(lambda share, rows: seen.append((share, rows)))
    with qtbot.waitSignal(runner.finished, timeout=20_000) as over:
        runner.start()
    assert seen == [(0.5, 7)]
    assert over.args
    assert over.args[0]["added"] == 8


def test_that_a_failure_is_the_sentence_that_the_program_said(qtbot: QtBot) -> None:
    code = "import sys; print('crowdtape: There is no file a.csv.', file=sys.stderr); sys.exit(1)"
    runner = ImportRunner(REQUEST, None, _command(code))
    with qtbot.waitSignal(runner.failed, timeout=20_000) as said:
        runner.start()
    assert said.args == ["There is no file a.csv."]


def test_that_a_program_that_is_not_there_is_a_sentence(qtbot: QtBot) -> None:
    runner = ImportRunner(REQUEST, None, ["/nowhere/crowdtape"])
    with qtbot.waitSignal(runner.failed, timeout=20_000) as said:
        runner.start()
    assert said.args
    assert said.args[0].startswith("The import could not be started")


def test_that_cancelling_ends_the_process_and_says_nothing(qtbot: QtBot) -> None:
    code = 'import time; print(\'{"progress": {"done": 1, "total": 2, "rows": 1}}\', flush=True); time.sleep(60)'
    runner = ImportRunner(REQUEST, None, _command(code))
    with qtbot.waitSignal(runner.progressed, timeout=20_000):
        runner.start()
    with qtbot.waitSignal(runner.failed, timeout=20_000) as said:
        runner.cancel()
    assert said.args == [""]
    assert not runner.running


def test_that_an_import_is_over_when_it_reports_though_its_process_still_compares_posts(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    report = {"read": 1, "added": 1, "duplicates": 0, "rejected": 0, "rejections": [], "linked": {}}
    waits = f"import sys\nprint({json.dumps(json.dumps(report))}, flush=True)\nsys.stdin.read()"
    imports = Imports(None, window, _command(waits))
    with qtbot.waitSignal(imports.finished, timeout=20_000) as over:
        imports.start(REQUEST)
    assert over.args == [REQUEST, report]
    assert not imports.running
    with qtbot.waitSignal(imports.compared, timeout=20_000):
        imports.close()


@pytest.mark.parametrize(
    "request_",
    [
        ImportRequest(
            "posts", ("-odd.csv", "b.csv"), "generic", (("text", "a=b"),), "Asia/Shanghai", "weibo", "小红书"
        ),
        ImportRequest("prices", ("p.csv",), symbol="300792.SZ", interval="1d"),
        ImportRequest("metrics", ("m.csv",), subject="X", metric="App rank", metric_kind="rank", source="Qimai"),
        REQUEST,
    ],
)
def test_that_the_command_line_understands_every_request(request_: ImportRequest, tmp_path: Path) -> None:
    args = build_parser().parse_args(request_.arguments(tmp_path))
    assert tuple(str(f) for f in args.files) == request_.files
    assert args.data_dir == tmp_path
    assert args.json
    assert args.progress
    if request_.mapping:
        assert args.mapping == list(request_.mapping)


def test_that_an_import_that_was_cut_short_still_tells_that_it_is_over(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    imports = Imports(None, window, _command("import time; time.sleep(60)"))
    imports.start(REQUEST)
    assert imports.running
    with qtbot.waitSignal(imports.ended, timeout=20_000):
        qtbot.wait(100)
        imports.cancel()
    assert not imports.running
