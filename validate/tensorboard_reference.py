"""Reads a TensorBoard event file with the tensorboard package, whose reader refuses records with a wrong checksum.

python validate/tensorboard_reference.py request.json answer.json
request: {"file": path}
answer:  {"version": text, "scalars": {tag: [[wall_time, step, value], ...]}}
"""

import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        path = json.load(file)["file"]
    version = next(LegacyEventFileLoader(path).Load()).file_version
    events = EventAccumulator(path, size_guidance={"scalars": 0})
    events.Reload()
    scalars = {
        tag: [[event.wall_time, event.step, event.value] for event in events.Scalars(tag)]
        for tag in events.Tags()["scalars"]
    }
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump({"version": version, "scalars": scalars}, file)


if __name__ == "__main__":
    main()
