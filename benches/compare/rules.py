"""The rules that all sides of the comparison share, in plain Python: the csv module, dictionaries and lists, one core.

    python rules.py LOG.csv > counts.csv

Two of wabill's seven regimes, each over the whole log, without prices:

* `pmp-2025-07`, per message: a delivered template is charged, a utility template is free inside the customer service window
  (24 h from a message of the customer, begun anew by each further one; tested at sending), free-form is free.
* `cbp-2024-11`, by conversation: a delivered template is covered by an open conversation of its category, else opens one and is
  charged; free-form is covered by any that is open, else opens a free service conversation. A conversation lasts 24 h from the
  delivery that opened it and does not slide.

No validation, no duplicates, no clicks on ads, no allowances, tiers, zones, markets or rates: see "What is not comparable".
"""

import csv
import sys
from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import datetime

DAY = 24 * 60 * 60


def seconds(text):
    return int(datetime.fromisoformat(text).timestamp())


def read(path):
    """Of each chat the times of its inbound messages, and its delivered outbound ones; and what was never delivered."""
    chats = defaultdict(lambda: ([], []))
    lost = Counter()
    with open(path, newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for message_id, direction, number, _waba, customer, _type, _name, category, sent, delivered in rows:
            inbound, outbound = chats[number, customer]
            if direction == "in":
                inbound.append(seconds(sent))
            elif delivered:
                outbound.append((seconds(delivered), seconds(sent), message_id, category or "service"))
            else:
                lost[category or "service"] += 1
    return chats, lost


def in_window(inbound, sent):
    last = bisect_right(inbound, sent)
    return last > 0 and sent < inbound[last - 1] + DAY


def per_message(inbound, outbound, counts):
    for _delivered, sent, _id, category in outbound:
        if category == "service" or category == "utility" and in_window(inbound, sent):
            counts["pmp-2025-07", category, "free", "free_customer_service"] += 1
        else:
            counts["pmp-2025-07", category, "charged", ""] += 1


def by_conversation(outbound, counts):
    ends = {}
    for delivered, _sent, _id, category in outbound:
        if category == "service":
            covered = any(end > delivered for end in ends.values())
        else:
            covered = ends.get(category, 0) > delivered
        if covered:
            counts["cbp-2024-11", category, "covered", ""] += 1
            continue
        ends[category] = delivered + DAY
        outcome = ("free", "service_free") if category == "service" else ("charged", "")
        counts["cbp-2024-11", category, *outcome] += 1


def main():
    chats, lost = read(sys.argv[1])
    counts = Counter()
    for category, messages in lost.items():
        for regime in ("pmp-2025-07", "cbp-2024-11"):
            counts[regime, category, "not_billed", "not_delivered"] = messages
    for inbound, outbound in chats.values():
        inbound.sort()
        outbound.sort()
        per_message(inbound, outbound, counts)
        by_conversation(outbound, counts)
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(("regime", "category", "verdict", "reason", "messages"))
    for key, messages in sorted(counts.items()):
        table.writerow((*key, messages))


if __name__ == "__main__":
    main()
