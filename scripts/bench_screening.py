"""Prints how well screening does on the labelled sets: recall and precision of every kind, and its speed."""

import os
import sys
import time
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from disclosures.screening import Profile, screen_text  # noqa: E402
from tests.screening.measuring import figures, sets  # noqa: E402


def main() -> None:
    """A Markdown table, then what went wrong, then the time of a document of 200 pages."""
    print("\n| set | cases | kind | in it | recall | precision |\n| --- | --- | --- | --- | --- | --- |")
    for name, labelled in sets().items():
        by_kind, amiss = figures(labelled)
        count = len(labelled)
        for kind, figure in by_kind.items():
            total = figure.found + figure.missed
            print(f"| {name} | {count} | {kind} | {total} | {figure.recall:.3f} | {figure.precision:.3f} |")
        for line in amiss:
            print(f"  {line}", file=sys.stderr)
    pages = "岳阳市文广新局党务公开工作情况的通报，联系人甲某，共有党员1385名，2012年10月17日。\n" * 20 * 200
    begin = time.perf_counter()
    screen_text(pages, "body", profile=Profile.PUBLIC)
    print(f"\n200 pages ({len(pages)} characters) screened in {time.perf_counter() - begin:.2f} s.")


if __name__ == "__main__":
    main()
