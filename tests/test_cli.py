"""The command line: what `evcourse start`, `lab` and `doctor` do, and what they say where they cannot."""

import json
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import evcourse
from evcourse import course
from evcourse.cli import checks, doctor, lab, lock, main, start

FIRST, SECOND = "notebooks/00_start.ipynb", "notebooks/01_ev_biology.ipynb"
EXERCISE = "exercises/01_ev_biology/exercise.ipynb"


@pytest.fixture
def original(tmp_path, monkeypatch):
    """A small course to copy, with read-only files and with what programs leave lying about."""
    folder = tmp_path / "original"
    for name in (FIRST, SECOND, EXERCISE, "notebooks/.ipynb_checkpoints/00_start.ipynb", "exercises/__pycache__/x.pyc"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"the course's {name}")
        path.chmod(0o444)
    monkeypatch.setattr(course, "folder", lambda: folder)
    return folder


@pytest.fixture
def environment(monkeypatch):
    """Environment variables that a command may change and that are put back."""
    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH"):
        monkeypatch.setenv(name, "")
    return os.environ


class TestStart:
    def test_a_new_folder_gets_the_course_and_nothing_else(self, original, tmp_path, capsys):
        assert main(["start", str(tmp_path / "mine")]) == 0
        copied = [path for path in (tmp_path / "mine").rglob("*") if path.is_file()]
        assert set(copied) == {tmp_path / "mine" / name for name in (FIRST, SECOND, EXERCISE)}
        said = capsys.readouterr().out
        assert f"Copied 3 files to {tmp_path / 'mine'}." in said
        assert re.search(r"Now type: .* lab .*mine\n", said)

    def test_copies_can_be_written_to_though_the_originals_cannot(self, original, tmp_path):
        start.start(tmp_path / "mine")
        assert (tmp_path / "mine" / FIRST).stat().st_mode & 0o200

    def test_a_learners_file_is_kept_and_named(self, original, tmp_path):
        start.start(tmp_path / "mine")
        (tmp_path / "mine" / SECOND).write_text("what I found out")
        (tmp_path / "mine" / EXERCISE).unlink()
        said = start.start(tmp_path / "mine")
        assert (tmp_path / "mine" / SECOND).read_text() == "what I found out"
        assert "Copied 1 file to" in said
        assert f"Kept 1 file of yours that differ from the course's:\n  {SECOND}\n" in said
        assert "Found 1 file of the course there already." in said

    def test_a_second_run_finds_everything_there(self, original, tmp_path):
        start.start(tmp_path / "mine")
        said = start.start(tmp_path / "mine")
        assert "Copied 0 files" in said and "Found 3 files" in said and "Kept" not in said

    def test_a_copy_that_breaks_off_leaves_no_half_file_and_can_be_repeated(self, original, tmp_path, monkeypatch, capsys):
        def full(source, target):
            Path(target).write_text("half of it")
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as broken:
            broken.setattr("shutil.copyfile", full)
            assert main(["start", str(tmp_path / "mine")]) == 1
        assert "No space left on device" in capsys.readouterr().err
        assert not [path for path in (tmp_path / "mine").rglob("*") if path.is_file()]
        assert "Copied 3 files" in start.start(tmp_path / "mine")

    def test_what_an_interrupted_copy_left_is_not_taken_for_the_learners(self, original, tmp_path):
        unfinished = tmp_path / "mine" / (FIRST + start.UNFINISHED)
        unfinished.parent.mkdir(parents=True)
        unfinished.write_text("half of it")
        said = start.start(tmp_path / "mine")
        assert "Kept" not in said and not unfinished.exists()

    @pytest.mark.parametrize("place", ["", "notebooks", "exercises/01_ev_biology"])
    def test_a_file_in_a_folders_place_stops_it_before_anything_is_copied(self, original, tmp_path, capsys, place):
        obstacle = tmp_path / "mine" / place
        obstacle.parent.mkdir(parents=True, exist_ok=True)
        obstacle.write_text("a file of mine")
        assert main(["start", str(tmp_path / "mine")]) == 1
        assert f"{obstacle} is a file, and the course needs a folder there" in capsys.readouterr().err
        assert [path for path in (tmp_path / "mine").rglob("*") if path.is_file() and path != obstacle] == []

    def test_a_folder_in_a_files_place_stops_it_before_anything_is_copied(self, original, tmp_path, capsys):
        (tmp_path / "mine" / FIRST).mkdir(parents=True)
        assert main(["start", str(tmp_path / "mine")]) == 1
        assert "is a folder, and the course has a file of that name: rename it" in capsys.readouterr().err
        assert not (tmp_path / "mine" / SECOND).exists()

    def test_a_link_that_leads_nowhere_counts_as_the_learners(self, original, tmp_path):
        (tmp_path / "mine" / "notebooks").mkdir(parents=True)
        (tmp_path / "mine" / FIRST).symlink_to(tmp_path / "gone")
        assert f"  {FIRST}\n" in start.start(tmp_path / "mine")
        assert not (tmp_path / "gone").exists()

    def test_a_folder_that_may_not_be_written_to_is_named_with_the_way_out(self, original, tmp_path, monkeypatch, capsys):
        def refuse(*_arguments, **_options):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "mkdir", refuse)
        assert main(["start", str(tmp_path / "mine")]) == 1
        said = capsys.readouterr().err
        assert "Permission denied" in said and "choose a folder that you may write to" in said

    @pytest.mark.parametrize("inside", ["notebooks", "data", "exercises/mine"])
    def test_a_folder_inside_the_courses_own_is_refused(self, original, capsys, inside):
        assert main(["start", str(original / inside)]) == 1
        assert "choose a folder of your own" in capsys.readouterr().err

    def test_a_folder_inside_the_package_is_refused(self, original, capsys):
        assert main(["start", str(Path(evcourse.__file__).parent / "mine")]) == 1
        assert "where an update would overwrite your work" in capsys.readouterr().err

    def test_a_tilde_that_the_shell_left_is_the_home_folder(self, original, tmp_path, monkeypatch):
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("USERPROFILE", str(tmp_path))
        start.start(Path("~/mine"))
        assert (tmp_path / "mine" / FIRST).is_file()

    def test_what_to_type_next_is_quoted_where_it_has_spaces(self, original, tmp_path):
        assert start.start(tmp_path / "my course").endswith(f'lab "{tmp_path / "my course"}"')

    def test_a_course_without_notebooks_says_so(self, tmp_path, monkeypatch, capsys):
        monkeypatch.setattr(course, "folder", lambda: tmp_path)
        assert main(["start", str(tmp_path / "mine")]) == 1
        assert "install evcourse again" in capsys.readouterr().err


class TestLab:
    def test_it_opens_the_first_notebook_by_name(self, original, launched, tmp_path):
        start.start(tmp_path / "mine")
        assert main(["lab", str(tmp_path / "mine")]) == 0
        assert f"--ServerApp.root_dir={tmp_path / 'mine'}" in launched
        assert any(option.endswith(f"/tree/{FIRST}") for option in launched)

    def test_it_opens_the_current_folder_if_none_is_named(self, original, launched, monkeypatch):
        monkeypatch.chdir(original)
        assert main(["lab", "--no-browser"]) == 0
        assert f"--ServerApp.root_dir={original}" in launched and launched[-1] == "--no-browser"

    def test_further_options_reach_jupyterlab_and_win(self, original, launched):
        main(["lab", str(original), "--port", "8890", "--LabApp.news_url=x"])
        assert launched[-3:] == ["--port", "8890", "--LabApp.news_url=x"]
        assert "--LabApp.news_url=None" not in launched

    def test_it_asks_no_address_for_news_or_updates(self, original, launched):
        main(["lab", str(original)])
        assert set(lab.QUIET) <= set(launched)
        (defaults,) = Path(lab.__file__).parent.rglob("default_setting_overrides.json")
        assert json.loads(defaults.read_text())["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"

    def test_kernels_of_this_environment_come_before_the_users(self, original, launched, monkeypatch, tmp_path):
        from jupyter_client.kernelspec import KernelSpecManager

        foreign = tmp_path / "share" / "kernels" / "python3"
        foreign.mkdir(parents=True)
        (foreign / "kernel.json").write_text('{"argv": ["/another/python"], "display_name": "Another"}')
        monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
        main(["lab", str(original)])
        assert KernelSpecManager().get_kernel_spec("python3").display_name != "Another"

    def test_a_folder_without_notebooks_is_named_with_the_way_out(self, tmp_path, capsys):
        assert main(["lab", str(tmp_path)]) == 1
        said = capsys.readouterr().err
        assert f"{tmp_path} has no course in it" in said and "start" in said and said.count("\n") == 1

    def test_a_jupyterlab_that_cannot_be_loaded_leads_to_the_doctor(self, original, environment, monkeypatch, capsys):
        monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
        assert main(["lab", str(original)]) == 1
        assert "doctor" in capsys.readouterr().err

    @pytest.fixture
    def launched(self, environment, monkeypatch):
        from jupyterlab.labapp import LabApp

        options = []
        monkeypatch.setattr(LabApp, "launch_instance", options.extend)
        return options


class TestDoctor:
    def test_problems_are_told_in_words_with_one_fix_each_and_status_1(self, monkeypatch, capsys):
        def fine():
            return "all is well"

        def wrong():
            raise checks.Problem("it is broken", "mend it")

        monkeypatch.setattr(doctor, "ALL", {"one": fine, "two": wrong})
        assert main(["doctor"]) == 1
        said = capsys.readouterr().out
        assert "ok         one: all is well\nproblem    two: it is broken\n           to mend it: mend it\n" in said
        assert "1 of 2 checks failed" in said

    def test_what_was_not_tried_is_not_a_failure(self, monkeypatch, capsys):
        def elsewhere():
            raise checks.NotTried("there is nothing to try")

        monkeypatch.setattr(doctor, "ALL", {"one": elsewhere})
        assert main(["doctor"]) == 0
        assert "not tried  one: there is nothing to try" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("raised", "words"),
        [
            (ModuleNotFoundError("No module named 'altair'", name="altair"), "the Python package 'altair' is missing"),
            (ImportError("libstdc++.so.6: no such file"), "it stopped with ImportError: libstdc++.so.6"),
            (BaseException("panicked\nat line 3"), "it stopped with BaseException: panicked\n"),
            (SystemExit(), "it stopped with SystemExit: no reason given"),
        ],
        ids=lambda case: type(case).__name__,
    )
    def test_a_broken_environment_is_a_problem_and_never_a_traceback(self, monkeypatch, capsys, raised, words):
        def broken():
            raise raised

        monkeypatch.setattr(doctor, "ALL", {"one": broken})
        assert main(["doctor"]) == 1
        said = capsys.readouterr().out
        assert f"problem    one: {words}" in said and "pip install --require-hashes -r" in said

    def test_without_any_package_every_check_still_has_its_line(self):
        code = "import sys; sys.path.insert(0, sys.argv[1]); from evcourse.cli import main; sys.exit(main(['doctor']))"
        folder = str(Path(evcourse.__file__).parent.parent)
        ran = subprocess.run([sys.executable, "-S", "-c", code, folder], text=True, capture_output=True)
        assert ran.returncode == 1
        assert len(re.findall("^(?:ok|problem|not tried) ", ran.stdout, re.MULTILINE)) == len(checks.ALL)
        assert "Traceback" not in ran.stdout + ran.stderr

    def test_an_older_python_than_the_course_needs_is_a_problem(self, monkeypatch):
        monkeypatch.setattr("platform.python_version", lambda: "3.9.2")
        with pytest.raises(checks.Problem, match="this is 3.9.2, the course needs >=3.11"):
            checks.python_version()

    def test_a_course_that_is_not_installed_is_a_problem(self, monkeypatch):
        def missing(name):
            raise metadata.PackageNotFoundError(name)

        monkeypatch.setattr(metadata, "metadata", missing)
        with pytest.raises(checks.Problem, match="not installed in this environment"):
            checks.python_version()

    def test_another_version_than_the_tested_one_is_a_problem(self, monkeypatch):
        version = metadata.version
        monkeypatch.setattr(metadata, "version", lambda name: "0.1" if name == "pandas" else version(name))
        with pytest.raises(checks.Problem, match="pandas is 0.1, tested was "):
            checks.packages()

    def test_a_missing_package_is_a_problem(self, monkeypatch):
        version = metadata.version

        def without_altair(name):
            if name == "altair":
                raise metadata.PackageNotFoundError(name)
            return version(name)

        monkeypatch.setattr(metadata, "version", without_altair)
        with pytest.raises(checks.Problem, match="altair is missing"):
            checks.packages()

    def test_tools_for_building_and_testing_are_not_asked_for(self):
        needed = lock.needed("evcourse")
        assert {"altair", "jupyterlab", "rpds-py"} <= needed and not {"playwright", "hatchling"} & needed

    def test_a_missing_lock_is_a_problem(self, tmp_path, monkeypatch):
        monkeypatch.setattr(course, "folder", lambda: tmp_path)
        with pytest.raises(checks.Problem, match="requirements.txt, is missing"):
            checks.packages()

    def test_a_kernel_of_another_python_is_a_problem(self, tmp_path, monkeypatch):
        foreign = tmp_path / "share" / "jupyter" / "kernels" / "python3"
        foreign.mkdir(parents=True)
        (foreign / "kernel.json").write_text(json.dumps({"argv": ["/another/bin/python"], "display_name": "Another"}))
        monkeypatch.setattr(sys, "prefix", str(tmp_path))
        monkeypatch.setattr("jupyter_client.kernelspec.KernelSpecManager.ensure_native_kernel", False)
        monkeypatch.setenv("JUPYTER_PATH", "")
        monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")
        with pytest.raises(checks.Problem, match=r"another Python, .another.bin.python"):
            checks.kernel()

    def test_a_chart_without_a_picture_is_a_problem(self, monkeypatch):
        monkeypatch.setattr("evcourse.charts.theme.picture", lambda spec: "")
        with pytest.raises(checks.Problem, match="without a picture"):
            checks.charts()

    def test_a_damaged_dataset_is_a_problem(self, monkeypatch):
        monkeypatch.setattr(evcourse.Dataset, "problems", lambda self: [f"{self.name}: it is damaged"])
        with pytest.raises(checks.Problem, match="ageing_signals: it is damaged"):
            checks.data()

    def test_a_course_without_data_is_a_problem(self, tmp_path, monkeypatch):
        monkeypatch.setattr(course, "folder", lambda: tmp_path)
        with pytest.raises(checks.Problem, match="there are no datasets"):
            checks.data()

    def test_a_damaged_progress_file_is_a_problem_and_stays_as_it_is(self, tmp_path, monkeypatch):
        (tmp_path / "progress.json").write_text("{")
        monkeypatch.setenv("EVCOURSE_PROGRESS", str(tmp_path / "progress.json"))
        with pytest.raises(checks.Problem, match="damaged"):
            checks.learner_progress()
        assert (tmp_path / "progress.json").read_text() == "{"

    @pytest.mark.parametrize("extension", [checks.CHART_ENGINE, *checks.WIDGET_EXTENSIONS])
    def test_a_disabled_extension_is_a_problem_with_its_own_fix(self, environment, monkeypatch, extension):
        page = {"disabledExtensions": {f"{extension}:plugin": True}}
        monkeypatch.setattr("jupyterlab_server.config.get_page_config", lambda *_folders, **_options: page)
        with pytest.raises(checks.Problem, match="is disabled") as caught:
            checks.jupyterlab()
        assert caught.value.fix.endswith(f"labextension enable {extension}")

    def test_a_missing_widget_manager_is_a_problem(self, environment, monkeypatch):
        monkeypatch.setattr("jupyterlab_server.config.get_federated_extensions", lambda folders: {})
        with pytest.raises(checks.Problem, match="jupyterlab-manager is missing"):
            checks.jupyterlab()

    def test_a_script_that_cannot_be_made_is_a_problem(self, monkeypatch):
        monkeypatch.setattr("vl_convert.javascript_bundle", lambda *_code, **_options: "nothing")
        with pytest.raises(checks.Problem, match="not complete"):
            checks.chart_script()

    def test_without_a_browser_drawing_is_not_tried(self, monkeypatch):
        monkeypatch.setattr("shutil.which", lambda name: None)
        with pytest.raises(checks.NotTried, match="there is no Chromium"):
            checks.browser()


class TestCommand:
    def test_the_version_is_the_packages(self, capsys):
        with pytest.raises(SystemExit) as ended:
            main(["--version"])
        assert ended.value.code == 0
        assert capsys.readouterr().out == f"evcourse {evcourse.__version__}\n"

    @pytest.mark.parametrize("arguments", [["--help"], ["start", "--help"], ["lab", "-h"], ["doctor", "--help"]])
    def test_help_explains_the_exit_status(self, arguments, capsys):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 0
        assert "exit status: 0 all well" in " ".join(capsys.readouterr().out.split())

    @pytest.mark.parametrize("arguments", [[], ["begin"], ["start"], ["doctor", "--fast"]])
    def test_what_is_not_understood_has_status_2(self, arguments, capsys):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2
        assert "usage: evcourse" in capsys.readouterr().err

    def test_the_version_of_the_package_is_the_distributions(self):
        assert metadata.version("evcourse") == evcourse.__version__

    def test_help_loads_nothing_heavy(self):
        ran = subprocess.run([sys.executable, "-X", "importtime", "-m", "evcourse.cli", "-h"], text=True, capture_output=True)
        loaded = {line.split("|")[-1].strip() for line in ran.stderr.splitlines()}
        assert "argparse" in loaded and not loaded & {"pandas", "altair", "jupyterlab", "vl_convert"}
