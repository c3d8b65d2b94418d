"""Works a repair from order to closed file with the Python client that is generated from the OpenAPI document.

Usage: use_client.py BASE_URL, with the package `isp_client` in the import path. The server
at BASE_URL holds the demo data. Exits with an error at the first answer that is not the expected one.
"""

import struct
import sys
import zlib
from io import BytesIO

from isp_client import AuthenticatedClient, Client
from isp_client.api.auth import get_auth_profile, post_auth_login
from isp_client.api.customers import get_customers, post_customers
from isp_client.api.jobs import (
    get_jobs_id_candidates,
    get_jobs_id_timeline,
    post_jobs,
    post_jobs_id_assign,
    post_jobs_id_transitions,
)
from isp_client.api.photos import (
    get_photos_id_thumbnail,
    post_jobs_id_photos,
)
from isp_client.api.technicians import get_technicians
from isp_client.models import (
    AssignRequest,
    CustomerInput,
    ErrorCode,
    Job,
    JobAction,
    JobCreate,
    JobStatus,
    JobType,
    LoginRequest,
    PhotoForm,
    PhotoKind,
    Problem,
    TransitionRequest,
)
from isp_client.types import File

DEMO_PASSWORD = "Coba-Demo-123"
TECHNICIAN = "joko"


def expect(answer):
    """Returns the answer of an operation, or fails with the problem document."""
    if answer is None or isinstance(answer, Problem):
        raise SystemExit(f"unexpected answer: {answer}")
    return answer


def sign_in(base_url: str, username: str) -> AuthenticatedClient:
    body = LoginRequest(username=username, password=DEMO_PASSWORD)
    login = expect(post_auth_login.sync(client=Client(base_url=base_url), body=body))
    return AuthenticatedClient(base_url=base_url, token=login.access_token)


def png(width: int, height: int) -> bytes:
    """Encodes a grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x80" * width) * height
    parts = (b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)


def transition(client: AuthenticatedClient, job: Job, **step) -> Job:
    body = TransitionRequest(**step)
    return expect(post_jobs_id_transitions.sync(job.id, client=client, body=body))


def main(base_url: str) -> None:
    office = sign_in(base_url, "admin")
    technician = sign_in(base_url, TECHNICIAN)

    customer = expect(
        post_customers.sync(
            client=office,
            body=CustomerInput(
                name="Siti Rahayu",
                phone="0812-9090-1234",
                address="Jl. Kaliurang KM 9 No. 12, Ngaglik, Sleman",
                latitude=-7.7101,
                longitude=110.4075,
            ),
        )
    )
    page = expect(get_customers.sync(client=office, q=customer.number, limit=1))
    assert [found.id for found in page.items] == [customer.id]

    order = JobCreate(type_=JobType.REPAIR, customer_id=customer.id, description="Lampu LOS merah")
    key = f"generated-client-{customer.id}"
    job = expect(post_jobs.sync(client=office, body=order, idempotency_key=key))
    again = expect(post_jobs.sync(client=office, body=order, idempotency_key=key))
    assert job.status == JobStatus.OPEN and again.id == job.id

    candidates = expect(get_jobs_id_candidates.sync(job.id, client=office)).items
    assert candidates, "nobody is proposed"
    profile = expect(get_auth_profile.sync(client=technician))
    named = expect(get_technicians.sync(client=office, q=profile.name)).items
    own = next(found for found in named if found.name == profile.name)
    assignment = AssignRequest(technician_ids=[own.id])
    job = expect(post_jobs_id_assign.sync(job.id, client=office, body=assignment))
    assert [found.technician_id for found in job.technicians] == [own.id]

    for action in (JobAction.ACCEPT, JobAction.DEPART, JobAction.START):
        job = transition(technician, job, action=action)
    report = "Konektor diganti, redaman normal"
    early = post_jobs_id_transitions.sync(
        job.id,
        client=technician,
        body=TransitionRequest(action=JobAction.COMPLETE, report=report),
    )
    assert isinstance(early, Problem) and early.code == ErrorCode.EVIDENCE_MISSING, early

    file = File(payload=BytesIO(png(640, 480)), file_name="foto.png", mime_type="image/png")
    form = PhotoForm(file=file, kind=PhotoKind.AFTER)
    photo = expect(post_jobs_id_photos.sync(job.id, client=technician, body=form))
    thumbnail = expect(get_photos_id_thumbnail.sync(photo.id, client=office))
    assert thumbnail.payload.read().startswith(b"\xff\xd8"), "no JPEG"

    job = transition(
        technician, job, action=JobAction.COMPLETE, report=report, attenuation_dbm=-21.5
    )
    assert job.status == JobStatus.COMPLETED
    job = transition(office, job, action=JobAction.VERIFY)
    timeline = expect(get_jobs_id_timeline.sync(job.id, client=office)).items
    assert timeline[-1].action == JobAction.VERIFY
    print(f"{job.number}: {job.status}")


if __name__ == "__main__":
    main(sys.argv[1])
