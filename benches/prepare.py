"""What reading and planning a query costs in instructions, against SQLite preparing the same question.

    cargo bench --bench queries --no-run        # says where the program lies
    python3 benches/prepare.py target/release/deps/queries-...

Needs valgrind. Each number is the mean of ten times.
"""

import re
import subprocess
import sys
import tempfile

N = 10
SIDES = ("weft", "sqlite")


def instructions(program, question):
    """The instructions of one preparation of a question, on each side."""
    with tempfile.NamedTemporaryFile() as out:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}",
                   *(f"--toggle-collect=*prepared_by_{it}*" for it in SIDES), program, question]
        subprocess.run(command, env={"WEFT_BENCH_PREPARE": str(N)}, capture_output=True, check=True)
        told = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--show-percs=no", out.name],
                              text=True, capture_output=True, check=True).stdout
    found = {it: re.search(rf"^ *([\d,]+) .*prepared_by_{it}", told, re.MULTILINE) for it in SIDES}
    return [int(found[it][1].replace(",", "")) // N for it in SIDES]


def main():
    program = sys.argv[1]
    names = subprocess.run([program], env={"WEFT_BENCH_PREPARE": "1"}, text=True,
                           capture_output=True, check=True).stdout.splitlines()
    only = sys.argv[2:]
    print(f"{'':24}{'weft':>12}{'sqlite3':>12}{'ratio':>8}")
    for name in names:
        if only and name not in only:
            continue
        ours, theirs = instructions(program, name)
        print(f"{name:24}{ours:>12,}{theirs:>12,}{ours / theirs:>8.1f}", flush=True)


if __name__ == "__main__":
    main()
