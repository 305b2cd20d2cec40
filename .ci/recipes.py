"""Runs the recipes of examples/ci with the in-memory provider as the adapter.

The YAML files are parsed, and of each the lines that run the suite are executed as the service
would, by a shell that ends at the first failure, with the variables of the file. What installs
packages, and what checks out and builds the kit, is left out: this is the kit, and it is built.
"""

import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.join(ROOT, "bazel-bin/conformance/conformance")
# Enough to see the reports, in little time.
FILTER = " --filter 'lifecycle.*'"


def load(name):
    with open(os.path.join(ROOT, "examples/ci", name)) as file:
        return yaml.safe_load(file)


def shell(line, folder, variables, expected=0):
    env = {**os.environ, **variables, "ADAPTER": PROGRAM + " serve --provider in-memory"}
    status = subprocess.run(["bash", "-euo", "pipefail", "-c", line], cwd=folder, env=env).returncode
    assert status == expected, f"{line}: exit status {status}, expected {expected}"


def check_reports(folder):
    with open(os.path.join(folder, "results.json")) as file:
        assert json.load(file)["conformant"] is True
    cases = xml.etree.ElementTree.parse(os.path.join(folder, "junit.xml")).iter("testcase")
    assert sum(1 for _ in cases) > 0, "no test case in junit.xml"
    for name in ("conformance.html", "summary.md", "badge.svg"):
        assert os.path.getsize(os.path.join(folder, name)) > 0, name + " is empty"


def shell_recipe(folder):
    script = os.path.join(ROOT, "examples/ci/run_conformance.sh")
    shell(f'"{script}"{FILTER}', folder, {"CONFORMANCE": PROGRAM})
    check_reports(os.path.join(folder, "conformance-reports"))
    # A known failure that passes fails the job, and the reports are there all the same.
    with open(os.path.join(folder, "known_failures.txt"), "w") as file:
        file.write("lifecycle.create.id  not mended yet\n")
    shell(f'"{script}"{FILTER}', folder, {"CONFORMANCE": PROGRAM}, expected=1)
    check_reports(os.path.join(folder, "conformance-reports"))
    shell(f'"{script}" --filter no.such.id', folder, {"CONFORMANCE": PROGRAM}, expected=2)


def github_recipe(folder):
    workflow = load("github-actions.yml")
    steps = {step.get("name"): step for step in workflow["jobs"]["conformance"]["steps"]}
    os.symlink(ROOT, os.path.join(folder, "kit"))
    suite = steps["Run the suite"]
    shell(suite["run"] + FILTER, folder, suite["env"])
    check_reports(os.path.join(folder, suite["env"]["REPORTS"]))
    summary = os.path.join(folder, "step-summary")
    shell(steps["Show the summary"]["run"], folder, {"GITHUB_STEP_SUMMARY": summary})
    assert os.path.getsize(summary) > 0


def gitlab_recipe(folder):
    pipeline = load("gitlab-ci.yml")
    os.symlink(ROOT, os.path.join(folder, "kit"))
    variables = {name: str(value) for name, value in pipeline["variables"].items()}
    for line in pipeline["conformance"]["script"]:
        shell(line + FILTER, folder, variables)
    check_reports(os.path.join(folder, "reports"))
    junit = pipeline["conformance"]["artifacts"]["reports"]["junit"]
    assert os.path.exists(os.path.join(folder, junit)), junit


def main():
    for recipe in (shell_recipe, github_recipe, gitlab_recipe):
        with tempfile.TemporaryDirectory() as folder:
            recipe(folder)
        print(recipe.__name__ + ": ok", flush=True)


if __name__ == "__main__":
    sys.exit(main())
