"""Whether spreadsheets as people make them are imported as a person reads them.

Usage: check.py BASE_URL TOKEN. The server at BASE_URL has demo data, TOKEN is the access token of a superadmin.

Each case of `cases_csv.py` and `cases_xlsx.py` writes one small sheet, the XLSX ones with openpyxl, and sends it
as a dry run. The report has to account for every row, and to name, reject, warn of and read exactly what the case
says. At last openpyxl reads the rejected rows that the server has written, mends them, and imports them.
"""

import io
import json
import sys
import urllib.error
import urllib.request
import uuid

import openpyxl

from cases_csv import CSV_CASES
from cases_xlsx import XLSX_CASES

PLANS = [("H5", "Rumah 5", 5), ("H10", "Rumah 10", 10), ("BIZ-100", "Bisnis 100", 100)]


class Server:
    def __init__(self, base_url: str, token: str):
        self.base_url = base_url
        self.token = token

    def send(self, method: str, path: str, body: bytes | None, kind: str) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        request = urllib.request.Request(self.base_url + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as problem:
            return problem.code, problem.read()

    def make_plan(self, code: str, name: str, speed: int) -> None:
        plan = {"code": code, "name": name, "speed_mbps": speed, "price": 100_000}
        status, answer = self.send("POST", "/api/plans", json.dumps(plan).encode(), "application/json")
        assert status in (201, 422), answer

    def upload(self, path: str, file: bytes, mapping: dict | None) -> tuple[int, bytes]:
        boundary = uuid.uuid4().hex
        parts = []
        if mapping:
            parts.append(("mapping", "", json.dumps(mapping).encode()))
        parts.append(("file", '; filename="data"', file))
        body = b""
        for name, more, content in parts:
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
            body += head.encode() + content + b"\r\n"
        body += f"--{boundary}--\r\n".encode()
        return self.send("POST", path, body, f"multipart/form-data; boundary={boundary}")


def differences(case: dict, status: int, answer: dict) -> list[str]:
    """What the report says otherwise than the case."""
    wrong = []

    def expect(what, found, wanted):
        if found != wanted:
            wrong.append(f"{what}: {found!r} instead of {wanted!r}")

    if "refused" in case:
        faults = [fault["code"] for fault in answer.get("errors", [])]
        expect("refusal", [answer.get("code"), *faults][: len(case["refused"])], case["refused"])
        return wrong
    if status != 200:
        return [f"refused: {answer.get('code')} {answer.get('errors')}"]
    counted = sum(answer[name] for name in ("created", "updated", "unchanged", "rejected", "skipped"))
    expect("rows that are accounted for", counted, answer["rows"])
    for name in ("created", "rejected", "skipped"):
        expect(name, answer[name], case.get(name, 0))
    skipped = [problem["line"] for problem in answer["problems"] if problem["code"] == "not_a_record"]
    expect("lines that are no data", len(skipped), case.get("skipped", 0))
    problems = {
        problem["line"]: problem["code"]
        for problem in reversed(answer["problems"])
        if problem["code"] != "not_a_record"
    }
    expect("problems", problems, case.get("problems", {}))
    warnings = [(warning["line"], warning["code"]) for warning in answer["warnings"]]
    expect("warnings", warnings, case.get("warnings", []))
    if "ignored" in case:
        expect("ignored columns", answer["ignored_columns"], case["ignored"])
    unknown = {
        column["column"]: [value["value"] for value in column["values"]]
        for column in answer["unknown_values"]
    }
    expect("unknown words", unknown, case.get("unknown", {}))
    sheets = [sheet["name"] for sheet in answer["other_sheets"]]
    expect("other sheets", sheets, case.get("other_sheets", []))
    rows = {row["line"]: row for row in answer["preview"]["created"]}
    for line, values in case.get("values", {}).items():
        row = rows.get(line)
        if row is None:
            wrong.append(f"line {line} would not be created")
            continue
        found = {change["field"]: change["after"] for change in row["changes"]}
        found["number"] = row["number"]
        for field, value in values.items():
            expect(f"line {line}, {field}", found.get(field), value)
    return wrong


def check_rejected_rows(server: Server) -> list[str]:
    """Reads the rejected rows with openpyxl, mends them, and imports them."""
    sheet = "Nama;HP;Alamat;NIK\nUji A;12;Jl. A;3404384937396402\nUji B;081299990001;;\n"
    path = "/api/customers/import/rejected-rows"
    status, answer = server.upload(path, sheet.encode(), None)
    if status != 200:
        return [f"rejected rows: {status}"]
    book = openpyxl.load_workbook(io.BytesIO(answer))
    page = book.active
    wrong = []
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    if rows[0][:4] != ["Nama", "HP", "Alamat", "NIK"] or len(rows) != 3:
        wrong.append(f"rejected rows: {rows}")
    if page["D2"].value != "3404384937396402" or page["D2"].data_type != "s":
        wrong.append("the identity number is no text")
    page["B2"], page["C3"] = "081299990002", "Jl. B"
    mended = io.BytesIO()
    book.save(mended)
    status, answer = server.upload("/api/customers/import?dry_run=true", mended.getvalue(), None)
    report = json.loads(answer)
    if status != 200 or report["created"] != 2 or report["ignored_columns"]:
        wrong.append(f"mended rows: {answer[:300]}")
    return wrong


def main() -> int:
    server = Server(sys.argv[1], sys.argv[2])
    for plan in PLANS:
        server.make_plan(*plan)
    failed = 0
    cases = [*CSV_CASES, *XLSX_CASES]
    for case in cases:
        kind = case.get("kind", "customers")
        path = f"/api/{kind}/import?dry_run=true"
        status, answer = server.upload(path, case["file"], case.get("mapping"))
        wrong = differences(case, status, json.loads(answer))
        failed += bool(wrong)
        for text in wrong:
            print(f"✗ {case['name']}: {text}")
    wrong = check_rejected_rows(server)
    failed += bool(wrong)
    for text in wrong:
        print(f"✗ rejected rows: {text}")
    print(f"{len(cases) + 1 - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
