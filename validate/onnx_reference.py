"""Checks ONNX files with the checker of the onnx package and runs them with its reference evaluator.

python validate/onnx_reference.py request.json answer.json
request: [{"file": path, "inputs": {name: {"shape": [...], "values": [...]}} or null}]
answer:  [{"error": text or null, "outputs": {name: [...]} or null}]
"""

import json
import sys

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator


def check(request):
    try:
        model = onnx.load(request["file"])
        onnx.checker.check_model(model, full_check=True)
    except Exception as error:  # whatever the checker dislikes is the answer
        return {"error": str(error), "outputs": None}
    if request["inputs"] is None:
        return {"error": None, "outputs": None}
    inputs = {
        name: np.array(given["values"], np.float32).reshape(given["shape"]) for name, given in request["inputs"].items()
    }
    names = [output.name for output in model.graph.output]
    outputs = ReferenceEvaluator(model).run(names, inputs)
    return {"error": None, "outputs": {name: value.reshape(-1).tolist() for name, value in zip(names, outputs)}}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        requests = json.load(file)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump([check(request) for request in requests], file)


if __name__ == "__main__":
    main()
