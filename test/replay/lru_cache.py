"""Replays calls through functools.lru_cache and prints, after each, its counters and its keys, oldest first.

Input, one JSON object on stdin: {"function": "square" | "fib", "maxsize": int | null, "calls": [int | "clear"]}.
"""
import functools
import gc
import json
import sys

job = json.load(sys.stdin)


def square(n):
    if n % 7 == 6:
        raise ValueError(n)
    return n * n


def fib(n):
    return n if n < 2 else function(n - 1) + function(n - 2)


function = functools.lru_cache(maxsize=job["maxsize"])({"square": square, "fib": fib}[job["function"]])


def keys():
    # The C cache visits its ring from the oldest link on: key, result, type of the link. Its dict comes after.
    referents = gc.get_referents(function)
    links = []
    for index, item in enumerate(referents):
        if getattr(item, "__name__", "") == "_lru_list_elem" and index >= 2 and not links_ended(referents, index):
            links.append(referents[index - 2])
    return links


def links_ended(referents, index):
    return any(isinstance(item, dict) for item in referents[:index])


rows = []
for call in job["calls"]:
    if call == "clear":
        function.cache_clear()
    else:
        try:
            function(call)
        except ValueError:
            pass
    info = function.cache_info()
    rows.append([info.hits, info.misses, info.currsize, keys() if job["maxsize"] else None])
json.dump(rows, sys.stdout)
