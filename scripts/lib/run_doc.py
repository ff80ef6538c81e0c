"""Runs the SQL of a guide and compares what it prints with what the guide shows.

usage: run_doc.py GUIDE DATABASE

Every block ```sql … ``` is run by psql, in order, in one session; when a block without a language follows, it must be
what psql printed (spaces at line ends, blank lines and row counts aside). Ends with an error that shows the difference.
"""
import difflib
import re
import subprocess
import sys

guide, database = sys.argv[1:]
text = open(guide, encoding="utf-8").read()
fences = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
blocks = [(m.group(1), m.group(2), m.start(), m.end()) for m in fences.finditer(text)]

mark = "=== block"
script, wanted = ["\\pset footer off", "\\set ON_ERROR_STOP 0", "\\set VERBOSITY default"], []
for i, (language, body, _, end) in enumerate(blocks):
    if language != "sql":
        continue
    shown = None
    if i + 1 < len(blocks) and blocks[i + 1][0] == "" and text[end:blocks[i + 1][2]].strip() == "":
        shown = blocks[i + 1][1]
    script += [f"\\echo {mark}", body]
    wanted.append((body, shown))
if not wanted:
    sys.exit(f"{guide} has no SQL")

run = subprocess.run(["psql", "-X", "-q", "-d", database, "-f", "-"], input="\n".join(script), encoding="utf-8",
                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def lines(output):
    return [re.sub(r"^psql:<stdin>:\d+: ", "", line).rstrip() for line in output.splitlines() if line.strip()]


failed = False
printed = run.stdout.split(mark + "\n")[1:]
for (body, shown), output in zip(wanted, printed, strict=True):
    got = lines(output)
    if shown is None:
        # Not shown, but it must work.
        difference = [line for line in got if line.startswith("ERROR:")]
    else:
        difference = list(difflib.unified_diff(lines(shown), got, "the guide", "psql", lineterm=""))
    if difference:
        failed = True
        print(body.strip(), *difference, sep="\n", end="\n\n")
sys.exit(failed)
