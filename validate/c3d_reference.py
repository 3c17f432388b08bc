"""What ezc3d makes of C3D files: points, residuals, camera masks, analogs, force plates and parameters.

The request names a folder for the arrays and the files to read; the answer says what lies there. Arrays are little-endian doubles.
    python validate/c3d_reference.py request.json answer.json
"""

import json
import pathlib
import sys

import ezc3d
import numpy as np


def write_array(folder, name, values):
    np.ascontiguousarray(values, dtype="<f8").tofile(folder / name)
    return name


def read_plain(value):
    return [v if isinstance(v, str) else float(v) for v in np.ravel(np.asarray(value, dtype=object), order="F").tolist()]


def read_platforms(path, folder, stem):
    try:
        platforms = ezc3d.c3d(path, extract_forceplat_data=True)["data"]["platform"]
    except Exception as error:  # types that ezc3d does not read
        return {"left_out": str(error)}
    return [
        {
            "force": write_array(folder, f"{stem}.{i}.force", plate["force"]),
            "moment": write_array(folder, f"{stem}.{i}.moment", plate["moment"]),
            "pressure": write_array(folder, f"{stem}.{i}.pressure", plate["center_of_pressure"]),
            "free": write_array(folder, f"{stem}.{i}.free", plate["Tz"]),
            "unit_force": plate["unit_force"],
            "unit_moment": plate["unit_moment"],
            "unit_position": plate["unit_position"],
        }
        for i, plate in enumerate(platforms)
    ]


def read(path, folder, stem, platforms):
    c3d = ezc3d.c3d(path)
    data = c3d["data"]
    return {
        # x, y, z by point by frame, as ezc3d has them.
        "points": write_array(folder, f"{stem}.points", data["points"][:3]),
        "residuals": write_array(folder, f"{stem}.residuals", data["meta_points"]["residuals"][0]),
        "cameras": write_array(folder, f"{stem}.cameras", data["meta_points"]["camera_masks"]),
        "analogs": write_array(folder, f"{stem}.analogs", data["analogs"][0]),
        "point_rate": float(c3d["header"]["points"]["frame_rate"]),
        "first_frame": int(c3d["header"]["points"]["first_frame"]),
        "platforms": read_platforms(path, folder, stem) if platforms else [],
        "parameters": {
            group: {name: read_plain(entry["value"]) for name, entry in content.items() if name != "__METADATA__"}
            for group, content in c3d["parameters"].items()
        },
    }


def main():
    request = json.loads(pathlib.Path(sys.argv[1]).read_text())
    folder = pathlib.Path(request["folder"])
    files = [
        read(path, folder, str(i), request["platforms"]) for i, path in enumerate(request["files"])
    ]
    pathlib.Path(sys.argv[2]).write_text(json.dumps({"version": ezc3d.__version__, "files": files}))


main()
