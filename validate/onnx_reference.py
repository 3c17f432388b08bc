"""Checks ONNX files with the checker and the shape inference of the onnx package, and runs them with its reference
evaluator and, where it is there, with ONNX Runtime for Python.

python validate/onnx_reference.py request.json answer.json
request: [{"file": path, "inputs": {name: {"shape": [...], "values": [...]}} or null, "resaved": path or null}]
answer:  [{"error": text or null, "outputs": {name: [...]} or null, "onnxruntime": {name: [...]} or null,
           "shapes": [texts of what shape inference and the file say otherwise of an output]}]
resaved: where to write the model again as the onnx package writes it, with a text pair of its own
"""

import json
import sys

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator

try:
    import onnxruntime
except ImportError:
    onnxruntime = None


def list_shapes(model):
    """Type and sizes of each output; sizes that depend on the batch are None."""
    return {
        output.name: (
            output.type.tensor_type.elem_type,
            [size.dim_value if size.HasField("dim_value") else None for size in output.type.tensor_type.shape.dim],
        )
        for output in model.graph.output
    }


def find_other_shapes(model):
    """Outputs of which shape inference, told nothing of them, finds other types or sizes than the file states."""
    stated = list_shapes(model)
    bare = onnx.ModelProto()
    bare.CopyFrom(model)
    for output in bare.graph.output:
        output.type.tensor_type.ClearField("shape")
    inferred = list_shapes(onnx.shape_inference.infer_shapes(bare, check_type=True, strict_mode=True, data_prop=True))
    return [
        f"{name}: the file says {stated[name]}, inference {found}"
        for name, found in inferred.items()
        if found[0] != stated[name][0]
        or len(found[1]) != len(stated[name][1])
        or any(a != b for a, b in zip(found[1], stated[name][1]) if a is not None and b is not None)
    ]


def check(request):
    answer = {"error": None, "outputs": None, "onnxruntime": None, "shapes": []}
    try:
        model = onnx.load(request["file"])
        onnx.checker.check_model(model, full_check=True)
        answer["shapes"] = find_other_shapes(model)
    except Exception as error:  # whatever the checker dislikes is the answer
        return {**answer, "error": str(error)}
    if request.get("resaved"):
        model.metadata_props.add(key="note", value="saved by another tool")
        onnx.save(model, request["resaved"])
        del model.metadata_props[-1]
    if request["inputs"] is None:
        return answer
    inputs = {
        name: np.array(given["values"], np.float32).reshape(given["shape"]) for name, given in request["inputs"].items()
    }
    names = [output.name for output in model.graph.output]
    flat = lambda values: {name: value.reshape(-1).tolist() for name, value in zip(names, values)}
    answer["outputs"] = flat(ReferenceEvaluator(model).run(names, inputs))
    if onnxruntime is not None:
        session = onnxruntime.InferenceSession(request["file"], providers=["CPUExecutionProvider"])
        answer["onnxruntime"] = flat(session.run(names, inputs))
    return answer


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        requests = json.load(file)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump([check(request) for request in requests], file)


if __name__ == "__main__":
    main()
