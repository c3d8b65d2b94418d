"""Keeps `cargo xtask fuzz` signed in: no request may end the sign-in that it is made with, or take
its rights. What was only refused from then on would prove nothing."""

import base64
import json
import os

import schemathesis

CLAIMS = json.loads(base64.urlsafe_b64decode(os.environ["ISP_TOKEN"].split(".")[1] + "=="))
OWN = {"/api/auth/sessions/": str(CLAIMS["sid"]), "/api/users/": CLAIMS["sub"]}
# No demo data have so many of anything.
NOBODYS = 999_999
DEMAND = "require_second_factor"


@schemathesis.hook
def before_call(context, case, kwargs):
    for place, own in OWN.items():
        parameters = case.path_parameters or {}
        if case.operation.path.startswith(place) and str(parameters.get("id")) == own:
            case.path_parameters["id"] = NOBODYS
    if isinstance(case.body, dict) and case.body.get(DEMAND) in ("admins", "office"):
        case.body[DEMAND] = "none"
