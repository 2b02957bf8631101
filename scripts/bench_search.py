"""`make bench`: the search on both databases over generated items: what it finds, how fast, and beside plain LIKE.

Queries are drawn by a seed from the texts themselves, class by class, and nothing is tuned on them. Truth is what a
substring of the normalised text says. Quote ratios of one run; CPU seconds are those of the process that reads, for
SQLite the database included.
"""

import argparse
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.archives import archive

ROOT = Path(__file__).resolve().parent.parent
HAN = re.compile("[\u4e00-\u9fff]+")
TOP, CAPPED = 20, 1001
SAMPLE = 1500  # texts from which queries are drawn


@dataclass
class Timed:
    """Milliseconds of one class with one way of searching."""

    search: list[float] = field(default_factory=list)
    window: list[float] = field(default_factory=list)
    like: list[float] = field(default_factory=list)


def main() -> None:
    """Measure the databases asked for, each in a process and with data of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="items to generate")
    parser.add_argument("--each", type=int, default=18, help="queries of a class")
    parser.add_argument("--seed", type=int, default=20_261_125, help="another seed draws other queries")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append", help="both if left out")
    parser.add_argument("--archives", type=Path, help="folder that keeps filled databases, those of `make bench` too")
    parser.add_argument("--no-like", action="store_true", help="neither LIKE nor truth: how fast a very large one is")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        measure(options)
        return
    folder = Path(tempfile.mkdtemp(prefix="portal-search-"))
    folder.chmod(0o755)  # the database has an account of its own
    root = options.archives or folder
    try:
        for database in options.database or ["sqlite", "postgresql"]:
            if database == "sqlite":
                run_apart({**environment_for(), "PORTAL_DATA_DIR": str(sqlite_folder(root, options.count))})
            else:
                with archive(root, options.count, environment_for()) as environment:
                    run_apart(environment)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sqlite_folder(root: Path, count: int) -> Path:
    """Where the database file of this size lies or will lie."""
    folder = root / f"sqlite-{count}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def environment_for() -> dict[str, str]:
    """Variables of a portal without limits of time."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return environment | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PORTAL_STATEMENT_TIMEOUT_MS": "0"}


def run_apart(environment: dict[str, str]) -> None:
    """Run this script again with the settings of one database."""
    subprocess.run([sys.executable, __file__, "--inside", *sys.argv[1:]], cwd=ROOT, env=environment, check=True)


def measure(options: argparse.Namespace) -> None:
    """Fill the database, draw queries, compare and time."""
    import django

    django.setup()
    prepare(options.count)
    queries = draw(options.seed, options.each)
    truth = None if options.no_like else found_by_substring(queries)
    report(queries, *compare_and_time(queries, truth))


def prepare(count: int) -> None:
    """Tables, seed, items without the index, then the index, the time of each; what is there already stays."""
    from django.core.management import call_command
    from django.db import connection

    from disclosures.models import Release

    print(f"\n## {connection.vendor}, {count} items\n", flush=True)
    call_command("migrate", verbosity=0)
    call_command("seed_portal", stdout=StringIO())
    missing = count - Release.objects.filter(is_generated=True).count()
    begun = time.monotonic()
    if missing > 0:
        call_command("generate_items", count=missing, seed=1, no_index=True, stdout=StringIO())
        print(f"{missing} generated in {time.monotonic() - begun:.0f} s", flush=True)
    begun = time.monotonic()
    call_command("reindex", "--missing", stdout=StringIO())
    print(f"indexed in {time.monotonic() - begun:.0f} s; {sizes()}", flush=True)
    call_command("reindex", "--check", stdout=sys.stdout)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def sizes() -> str:
    """What documents and index weigh."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            path = Path(connection.settings_dict["NAME"])
            cursor.execute("SELECT sum(length(block)) FROM disclosures_search_index_data")
            return f"index {cursor.fetchone()[0] >> 20} MB of {path.stat().st_size >> 20} MB"
        cursor.execute(
            "SELECT pg_total_relation_size('disclosures_searchdocument'),"
            " pg_table_size('disclosures_search_index'), pg_indexes_size('disclosures_search_index')"
        )
        documents, numbers, gin = (size >> 20 for size in cursor.fetchone())
        return f"documents {documents} MB, numbers {numbers} MB, GIN {gin} MB"


# --- Queries ----------------------------------------------------------------------------------------------------------
def draw(seed: int, each: int) -> dict[str, list[str]]:
    """Queries of every class, from a sample of the texts."""
    from disclosures.models import SearchDocument

    dice = random.Random(seed)  # noqa: S311
    count = SearchDocument.objects.count()
    places = sorted(dice.sample(range(count), min(SAMPLE, count)))
    keys = list(SearchDocument.objects.order_by("pk").values_list("pk", flat=True))
    drawn = SearchDocument.objects.filter(pk__in=[keys[place] for place in places]).order_by("pk")
    texts = list(drawn.values_list("body", flat=True))
    return {name: list(dict.fromkeys(make(dice, texts, each))) for name, make in CLASSES.items()}


def pieces(texts: list[str], length: int) -> Counter[str]:
    """In how many of the texts each run of Chinese characters of a length stands."""
    counted: Counter[str] = Counter()
    for text in texts:
        runs = HAN.findall(text)
        counted.update({run[at : at + length] for run in runs for at in range(len(run) - length + 1)})
    return counted


def between(length: int, low: float, high: float) -> Callable[..., list[str]]:
    """Runs of `length` that stand in a share of the texts between `low` and `high`."""

    def make(dice: random.Random, texts: list[str], each: int) -> list[str]:
        counted = pieces(texts, length)
        fitting = sorted(run for run, size in counted.items() if low <= size / len(texts) <= high)
        return dice.sample(fitting, min(each, len(fitting)))

    return make


def several(*makers: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """Queries of several words, one of each kind."""

    def make(dice: random.Random, texts: list[str], each: int) -> list[str]:
        return [" ".join(words) for words in zip(*(maker(dice, texts, each) for maker in makers), strict=False)]

    return make


def absent_of_common(dice: random.Random, texts: list[str], each: int) -> list[str]:
    """Two common words side by side that never stand so in the sample: every pair of characters is usual."""
    common = [run for run, size in pieces(texts, 4).items() if size / len(texts) > 0.1]
    pairs = pieces(texts, 2)
    found: list[str] = []
    everything = "\n".join(texts)
    for _try in range(200_000):
        phrase = dice.choice(common) + dice.choice(common)
        if pairs[phrase[3:5]] / len(texts) > 0.02 and phrase not in everything:
            found.append(phrase)
        if len(found) == each:
            break
    return found


def matched(pattern: str) -> Callable[..., list[str]]:
    """Pieces of the texts that fit a pattern."""

    def make(dice: random.Random, texts: list[str], each: int) -> list[str]:
        fitting = sorted({found for text in texts for found in re.findall(pattern, text)})
        return dice.sample(fitting, min(each, len(fitting)))

    return make


def as_people_write(dice: random.Random, texts: list[str], each: int) -> list[str]:
    """Runs in traditional characters."""
    from opencc import OpenCC  # type: ignore[import-untyped]

    convert = OpenCC("s2t").convert
    runs = between(4, 0.0, 0.3)(dice, texts, each * 6)
    return [written for run in runs if (written := convert(run)) != run][:each]


def other_brackets(dice: random.Random, texts: list[str], each: int) -> list[str]:
    """Document numbers in the brackets that people type."""
    numbers = matched(r"党公开\(\d{4}\)\d+号")(dice, texts, each)
    return [
        number.translate(dict(zip(map(ord, "()"), dice.choice(["〔〕", "[]", "（）"]), strict=True)))
        for number in numbers
    ]


def nothing(dice: random.Random, texts: list[str], each: int) -> list[str]:
    """Characters of the texts side by side as they stand nowhere."""
    signs = sorted(set("".join(texts[:200])))
    han = [sign for sign in signs if HAN.match(sign)]
    return ["".join(dice.choices(han, k=4)) for _place in range(each)]


def spliced(dice: random.Random, texts: list[str], each: int) -> list[str]:
    """The end of one sentence and the beginning of another: nearly every run of characters in it is common."""
    found: list[str] = []
    while len(found) < each:
        halves = [dice.choice(HAN.findall(dice.choice(texts))) for _half in range(2)]
        if all(len(half) > 5 for half in halves):
            found.append(halves[0][-12:] + halves[1][:12])
    return found


def titles_in_letters(dice: random.Random, texts: list[str], each: int) -> list[str]:
    """Pieces of titles as the first letters of their pinyin; a text begins with its title."""
    from disclosures.search.pinyin import initials_of

    runs = [run for text in texts for run in re.findall("[a-z]{3,}", initials_of(text.partition("\n")[0]))]
    lengths = [dice.randint(3, 6) for _place in range(each)]
    starts = [(run, dice.randint(0, max(0, len(run) - 3))) for run in dice.choices(sorted(set(runs)), k=each)]
    return [run[start : start + length] for (run, start), length in zip(starts, lengths, strict=True)]


def common_letters(dice: random.Random, texts: list[str], each: int) -> list[str]:
    """Letters that most titles have, in an order that few or none have."""
    counted = Counter("".join(titles_in_letters(dice, texts, 400)))
    letters = [letter for letter, _size in counted.most_common(5)]
    return ["".join(dice.choices(letters, k=4)) for _place in range(each)]


LETTERS = ("initials", "initials, common letters")
CLASSES: dict[str, Callable[..., list[str]]] = {
    "1 char": between(1, 0.0, 1.0),
    "rare 2": between(2, 0.0, 0.005),
    "mid 2": between(2, 0.005, 0.1),
    "common 2": between(2, 0.1, 1.0),
    "rare 4": between(4, 0.0, 0.005),
    "common 4": between(4, 0.1, 1.0),
    "8 char": between(8, 0.0, 1.0),
    "absent, common words": absent_of_common,
    "several common": several(between(2, 0.1, 1.0), between(4, 0.1, 1.0)),
    "rare and common": several(between(2, 0.0, 0.005), between(2, 0.1, 1.0)),
    "document number": other_brackets,
    "index number": matched(r"[a-z]{2}\d*-\d{4}-[a-z0-9]{6}"),
    "digits, signs": matched(r"\d+(?:\.\d+)?%|\d{5,}"),
    "traditional": as_people_write,
    "nothing": nothing,
    "long, spliced": spliced,
    LETTERS[0]: titles_in_letters,
    LETTERS[1]: common_letters,
}


# --- What is right, and how fast --------------------------------------------------------------------------------------
def visible() -> Any:
    """What the public may see now."""
    from django.utils import timezone

    from disclosures.models import Release
    from disclosures.visibility import PUBLIC

    return Release.objects.visible_to(PUBLIC, timezone.now())


def found_by_substring(queries: dict[str, list[str]]) -> dict[str, set[int]]:
    """For every query the releases whose normalised text holds all its words, by reading every text once.

    What is meant as initials is looked for in those of the titles.
    """
    from disclosures.models import SearchDocument
    from disclosures.textnorm import query_words

    words = {q: query_words(q) for name, of_class in queries.items() if name not in LETTERS for q in of_class}
    letters = [q for name in LETTERS for q in queries[name]]
    found: dict[str, set[int]] = {q: set() for q in (*words, *letters)}
    rows = SearchDocument.objects.filter(release__in=visible()).values_list("pk", "body", "initials")
    for pk, body, initials in rows.iterator(chunk_size=2000):
        hits = [q for q, parts in words.items() if all(part in body for part in parts)]
        for q in (*hits, *(q for q in letters if q in initials)):
            found[q].add(pk)
    return found


def compare_and_time(
    queries: dict[str, list[str]], truth: dict[str, set[int]] | None
) -> tuple[dict[str, Timed], dict[str, list[tuple[float, float]]], tuple[float, float]]:
    """Times of every class, recall and precision of every query, and the CPU seconds of search and of LIKE."""
    from disclosures.search.finding import Asked, find
    from disclosures.textnorm import query_words

    times = {name: Timed() for name in queries}
    right: dict[str, list[tuple[float, float]]] = {name: [] for name in queries}
    used = [0.0, 0.0]
    for name, q in in_turn(queries):
        asked = Asked(initials=q) if name in LETTERS else Asked(tuple(query_words(q)))
        find(visible(), asked, TOP)  # both ways warm
        for _round in range(2):
            used[0] += timed(partial(newest, asked, TOP), times[name].search)
        timed(partial(newest, asked, CAPPED), times[name].window)
        if truth is None:
            continue
        plain: list[int] = []
        used[1] += timed(partial(by_like, asked, plain), times[name].like)
        found = {row[1] for row in find(visible(), asked, 10**7)}
        hits = len(found & truth[q])
        right[name].append((hits / len(truth[q]) if truth[q] else 1.0, hits / len(found) if found else 1.0))
        top = [row[1] for row in find(visible(), asked, TOP)]
        if top != plain:
            print(f"  the newest differ from LIKE: {q}", file=sys.stderr)
    return times, right, (used[0] / 2, used[1])


def in_turn(queries: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Queries one class after the other, round by round, so that a slow moment meets all alike."""
    longest = max(map(len, queries.values()))
    for place in range(longest):
        for name, of_class in queries.items():
            if place < len(of_class):
                yield name, of_class[place]


def newest(asked: Any, limit: int) -> list[tuple[Any, ...]]:
    """The newest hits of the search, begun where pages begin."""
    from disclosures.search.finding import find

    return find(visible(), asked, limit, below=place_above())


def place_above() -> int:
    """The place above all that is open."""
    from django.utils import timezone

    from disclosures.search import documents

    return documents.place_above(timezone.now())


def by_like(asked: Any, into: list[int]) -> None:
    """The newest twenty by LIKE over the same texts, in the order of the same key, put `into` a list."""
    rows = visible().filter(asked.condition).order_by("-document__sort_key")
    into.extend(rows.values_list("pk", flat=True)[:TOP])


def timed(act: Callable[[], Any], into: list[float]) -> float:
    """Milliseconds of one call, kept in `into`; returns the seconds of CPU of this process."""
    cpu_before, begun = _cpu(), time.perf_counter()
    act()
    into.append((time.perf_counter() - begun) * 1000)
    return _cpu() - cpu_before


def _cpu() -> float:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime + _database_cpu()


def _database_cpu() -> float:
    """CPU seconds of PostgreSQL's process behind this connection; nothing for SQLite, which is this process."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return 0.0
    pid = connection.connection.info.backend_pid
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def report(
    queries: dict[str, list[str]],
    times: dict[str, Timed],
    right: dict[str, list[tuple[float, float]]],
    used: tuple[float, float],
) -> None:
    """A Markdown table and the pooled figures."""
    print("\n| class | queries | recall | precision | top 20 p50/p95 ms | newest 1001 p50/p95 ms | LIKE p50/p95 ms |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, of_class in queries.items():
        compared = [[pair[side] for pair in right[name]] for side in (0, 1)]
        row = times[name]
        cells = [name, str(len(of_class)), *(f"{statistics.mean(side):.3f}" if side else "-" for side in compared)]
        print("|", " | ".join([*cells, *map(percentiles, (row.search, row.window, row.like))]), "|")
    pooled = [[ms for row in times.values() for ms in getattr(row, way)] for way in ("search", "window", "like")]
    print("| all |", sum(map(len, queries.values())), "| | |", " | ".join(map(percentiles, pooled)), "|")
    search, _window, like = pooled
    if not like:
        return
    print(f"\nLIKE / search: p95 {at(like, 0.95) / at(search, 0.95):.0f}, mean {mean(like) / mean(search):.0f}, "
          f"CPU {used[1] / max(used[0], 0.01):.0f} ({used[1]:.2f} s / {used[0]:.2f} s)", flush=True)  # fmt: skip


def mean(values: list[float]) -> float:
    return statistics.mean(values)


def at(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def percentiles(values: list[float]) -> str:
    return f"{at(values, 0.5):.1f}/{at(values, 0.95):.1f}"


if __name__ == "__main__":
    main()
