"""Writes src/io/table/pandas.reference.json: small CSV and XLSX files that pandas and openpyxl wrote, and the numbers they read in them.

Needs pandas and openpyxl only. Run from the project root:
    python validate/tables_reference.py [request.json] [another output file]
A request names files to read as well: {"files": [path, ...]}; their numbers are added as the base64 of little-endian doubles.
"""

import base64
import io
import json
import pathlib
import sys

import numpy as np
import openpyxl
import pandas as pd

ROWS = 12


def make_frame():
    rng = np.random.default_rng(20250101)
    frame = pd.DataFrame(
        {
            "time (s)": np.arange(ROWS) / 100,
            "knee (deg)": rng.standard_normal(ROWS) * 60,
            "EMG VL (µV)": rng.standard_normal(ROWS) * 10.0 ** rng.integers(-6, 6, ROWS),
            "count": rng.integers(0, 4096, ROWS),
        }
    )
    frame.iloc[3, 1] = np.nan
    frame.iloc[7, 2] = np.nan
    return frame


def say(values):
    return [None if np.isnan(v) else float(v) for v in np.asarray(values, dtype=float)]


def write_texts(frame):
    """How pandas writes text, and how it must be told to read it."""
    variants = {
        "plain": {},
        "decimal comma": {"sep": ";", "decimal": ","},
        "tabs, Windows line ends": {"sep": "\t", "lineterminator": "\r\n", "na_rep": "NaN"},
        "bars, all quoted": {"sep": "|", "quoting": 1, "na_rep": "nan"},
        "quoted decimal commas": {"decimal": ",", "quoting": 1},
        "UTF-8 with mark": {"encoding": "utf-8-sig"},
        "UTF-16": {"encoding": "utf-16"},
        "Windows-1252": {"encoding": "cp1252", "sep": ";"},
        "few digits": {"float_format": "%.4e"},
    }
    for name, options in variants.items():
        content = io.BytesIO()
        frame.to_csv(content, index=False, **options)
        read = {key: value for key, value in options.items() if key in ("sep", "decimal", "encoding", "quoting")}
        back = pd.read_csv(io.BytesIO(content.getvalue()), **read)
        yield name, None, content.getvalue(), back


def write_workbooks(frame):
    content = io.BytesIO()
    frame.to_excel(content, index=False, sheet_name="Trial 1")
    yield "pandas", "Trial 1", content.getvalue(), pd.read_excel(io.BytesIO(content.getvalue()))

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "µ & <more>"
    sheet.append(list(frame.columns))
    for row in frame.itertuples(index=False):
        sheet.append([None if np.isnan(v) else v for v in row])
    sheet["B6"] = "=NA()"
    sheet["B6"].data_type = "e"
    sheet["B6"].value = "#N/A"
    sheet["C4"] = str(frame.iloc[2, 2])
    sheet.row_dimensions[5].hidden = True
    book.create_sheet("empty").sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    back = frame.copy()
    back.iloc[4, 1] = np.nan
    cells = openpyxl.load_workbook(io.BytesIO(content.getvalue())).worksheets[0]
    for r in range(ROWS):
        for c in range(4):
            found = cells.cell(r + 2, c + 1).value
            back.iloc[r, c] = np.nan if found in (None, "#N/A") else float(found)
    yield "openpyxl", sheet.title, content.getvalue(), back


def read_file(path):
    """Every column of every sheet, as the file's own numbers; cells without a number are not a number."""
    if path.endswith(".csv"):
        frame = pd.read_csv(path)
        yield None, frame.to_numpy(dtype=float).T, 1
        return
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(values_only=True))
        headers = 1 if any(isinstance(cell, str) for cell in rows[0]) else 0
        table = [[cell if isinstance(cell, (int, float)) else np.nan for cell in row] for row in rows[headers:]]
        yield sheet.title, np.array(table, dtype=float).T, headers


def encode(values):
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f8").tobytes()).decode()


def main():
    given = sys.argv[1:]
    request = json.loads(pathlib.Path(given.pop(0)).read_text()) if len(given) == 2 else {"files": []}
    out = pathlib.Path(given[0] if given else "src/io/table/pandas.reference.json")
    frame = make_frame()
    answer = {
        "versions": {"pandas": pd.__version__, "openpyxl": openpyxl.__version__},
        "tables": [
            {
                "name": name,
                "format": "csv" if sheet is None else "xlsx",
                "sheet": sheet,
                "base64": base64.b64encode(content).decode(),
                "columns": [say(back[column]) for column in back.columns],
            }
            for name, sheet, content, back in [*write_texts(frame), *write_workbooks(frame)]
        ],
    }
    if request["files"]:
        answer["files"] = [
            {"file": file, "sheet": sheet, "header_rows": headers, "columns": [encode(column) for column in columns]}
            for file in request["files"]
            for sheet, columns, headers in read_file(file)
        ]
    out.write_text(json.dumps(answer, indent=None if request["files"] else 1, allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
