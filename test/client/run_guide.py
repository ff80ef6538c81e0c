#!/usr/bin/env python3
"""Runs the commands of docs/client.md and compares what they print with what the guide shows.

usage: run_guide.py GUIDE DATABASE PROGRAM

Blocks ```sh are run by bash in a fresh folder with PROGRAM's folder in the PATH, blocks ```sql by psql; when a block
without a language follows, it must be what they printed. Times, rates, days and the version of ICU are not compared.
"""
import difflib
import os
import re
import subprocess
import sys
import tempfile

guide, database, program = sys.argv[1:]
text = open(guide, encoding="utf-8").read()
blocks = [(m.group(1), m.group(2), m.start(), m.end())
          for m in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)]
environment = dict(os.environ, PGDATABASE=database, PATH=os.path.dirname(program) + ":" + os.environ["PATH"],
                   PGOPTIONS="-c client_min_messages=warning", LC_ALL="C.UTF-8")


def lines(output):
    for pattern, mask in ((r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?", "DAY"), (r"\d+\.\d s\b", "TIME"), (r"\([\d,]+ rows/s\)", "(RATE)"),
                          (r"ICU \S+ / Unicode \S+", "ICU"),
                          (r"\b\d+\.\d+\.\d+\b", "RELEASE"), (r"version \d+$", "version")):
        output = re.sub(pattern, mask, output, flags=re.M)
    return [line.rstrip() for line in output.splitlines() if line.strip()]


failed, ran = False, 0
with tempfile.TemporaryDirectory() as folder:
    for i, (language, body, _, end) in enumerate(blocks):
        if language not in ("sh", "sql"):
            continue
        command = ["bash", "-c", body] if language == "sh" else ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", body]
        run = subprocess.run(command, cwd=folder, env=environment, encoding="utf-8", stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        ran += language == "sh"
        shown = blocks[i + 1] if i + 1 < len(blocks) and blocks[i + 1][0] == "" else None
        if shown and text[end:shown[2]].strip() == "":
            difference = list(difflib.unified_diff(lines(shown[1]), lines(run.stdout), "the guide", "printed", lineterm=""))
        else:
            difference = [run.stdout] if run.returncode != 0 else []
        if difference:
            failed = True
            print(body.strip(), *difference, sep="\n", end="\n\n")
if ran == 0:
    sys.exit(f"{guide} has no commands")
sys.exit(failed)
