#!/usr/bin/env python3
"""Writes N small summaries into a folder, each about another meeting of a board of pipelines/demo.

Usage: documents.py N FOLDER
"""

import datetime
import sys

BOARDS = ("Kommunstyrelsen", "Byggnadsnämnden", "Socialnämnden")
MONTHS = ("januari februari mars april maj juni juli augusti september oktober november december").split()
FIRST = datetime.date(1999, 1, 1)

TEXT = """{board} – aktuella beslut {month} {day.year}

Här är en sammanfattning av de beslut som {board_small} fattade den {day.day} {month} {day.year}.

Ärende nummer {n}

{board} beslutade att bevilja ansökan nummer {n}. Beslutet gäller från och med månadsskiftet.
"""


def main():
    count, folder = int(sys.argv[1]), sys.argv[2]
    for n in range(count):
        board = BOARDS[n % len(BOARDS)]
        day = FIRST + datetime.timedelta(days=2 * (n // len(BOARDS)))
        text = TEXT.format(board=board, board_small=board.lower(), month=MONTHS[day.month - 1], day=day, n=n)
        with open(f"{folder}/{n:06}.txt", "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
