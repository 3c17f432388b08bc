"""Muscle-tendon lengths, moment arms and lengthening speeds by OpenSim itself, for poses given as JSON.

python validate/opensim_reference.py request.json answer.json
request: [{"model": file, "muscles": [...], "about": [...], "poses": {coordinate: [rad or m]}, "speeds": {coordinate: [...]}}]
answer:  [{"lengths": {muscle: [...]}, "speeds": {muscle: [...]}, "arms": {coordinate: {muscle: [...]}}}]
"""

import json
import sys

import opensim

opensim.Logger.setLevelString("Off")


def solve(request):
    model = opensim.Model(request["model"])
    state = model.initSystem()
    coordinates = model.updCoordinateSet()
    muscles = {name: model.getMuscles().get(name) for name in request["muscles"]}
    answer = {
        "lengths": {name: [] for name in muscles},
        "speeds": {name: [] for name in muscles},
        "arms": {about: {name: [] for name in muscles} for about in request["about"]},
    }
    for name in request["poses"]:
        coordinate = coordinates.get(name)
        coordinate.setDefaultLocked(False)
        coordinate.setDefaultClamped(False)
    state = model.initSystem()
    for frame in range(len(next(iter(request["poses"].values())))):
        for name, values in request["poses"].items():
            coordinates.get(name).setValue(state, values[frame], False)
        model.assemble(state)
        for name, values in request["speeds"].items():
            coordinates.get(name).setSpeedValue(state, values[frame])
        model.realizeVelocity(state)
        for name, muscle in muscles.items():
            answer["lengths"][name].append(muscle.getLength(state))
            answer["speeds"][name].append(muscle.getLengtheningSpeed(state))
        for about in request["about"]:
            for name, muscle in muscles.items():
                arm = muscle.computeMomentArm(state, coordinates.get(about))
                answer["arms"][about][name].append(arm)
    return answer


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        requests = json.load(file)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump([solve(request) for request in requests], file)


if __name__ == "__main__":
    main()
