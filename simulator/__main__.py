"""`python -m simulator`: plays the clearinghouse between two folders, a day at a time.

Nothing it writes is about anybody; nothing of a real practice belongs into its folders.
"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace
from datetime import date, datetime, timedelta
from pathlib import Path

from cob.arguments import day as day_argument
from simulator.clearinghouse import Clearinghouse
from simulator.faults import Faults, parsed
from simulator.practice import CROSSES_TO
from simulator.sftp import serve_for_ever


def main() -> int:
    asked = _arguments()
    house = Clearinghouse(
        asked.outbox,
        asked.inbox,
        asked.state or asked.inbox.parent / "simulator-books",
        seed=asked.seed,
        faults=asked.faults,
        crosses_to=frozenset(asked.crosses_to.split(",")) if asked.crosses_to else CROSSES_TO,
    )
    if asked.sftp:
        serve_for_ever(asked.outbox.parent, asked.sftp, lambda: _days(house, asked))
        return 0
    _days(house, asked)
    return 0


def _days(house: Clearinghouse, asked: Namespace) -> None:
    """Day after day from the first on; without `--days` for ever."""
    day, count = asked.first_day, 0
    while not asked.days or count < asked.days:
        house.step(day)
        decided = sum(1 for one in house.book.decided if one.on == day.isoformat())
        sys.stdout.write(
            f"{day}: {len(house.book.received)} received, {decided} decided, {len(house.book.waiting)} wait\n"
        )
        sys.stdout.flush()
        day, count = day + timedelta(days=1), count + 1
        time.sleep(asked.seconds)


def _today() -> date:
    return datetime.now().astimezone().date()


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--outbox", type=Path, required=True, help="where the practice puts files")
    parser.add_argument("--inbox", type=Path, required=True, help="where the practice finds answers")
    parser.add_argument("--state", type=Path, help="where the books are kept; beside the inbox when left out")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same answers")
    parser.add_argument("--faults", type=parsed, default=Faults(), help="late=0.1,duplicate=0.05 …")
    parser.add_argument("--crosses-to", default="", help="ids of payers Medicare passes claims on to, by commas")
    parser.add_argument("--first-day", type=day_argument, default=_today(), help="of the simulated clock")
    parser.add_argument("--days", type=int, default=0, help="stop after so many; 0: never")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long one day takes")
    parser.add_argument("--sftp", type=int, default=0, metavar="PORT", help="serve both folders by SFTP on 127.0.0.1")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
