"""The golden vectors of formats.md, made without any of our own code.

Python's hashlib and the `cryptography` package (Ed25519) stand on the other side. Run it to write
the JSON files beside it anew: they may only ever be added to, since later versions must still read
and reproduce them.
"""

import base64
import hashlib
import json
import pathlib
import struct

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# RFC 8032, section 7.1: tests 1 and 2. The first is the hub's key, the second the device's.
SECRETS = [
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
]
KEYS = [Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)) for secret in SECRETS]
HUB, DEVICE = KEYS
PUBLIC = [key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw) for key in KEYS]
assert PUBLIC[0].hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
assert PUBLIC[1].hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"


def sha(data):
    return hashlib.sha256(data).digest()


def named(digest):
    return "sha256:" + digest.hex()


def unnamed(text):
    return bytes.fromhex(text.removeprefix("sha256:"))


def url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def canonical(value):
    """RFC 8785, for what stands here: ASCII keys, integers, text without control characters."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def framed(*parts):
    out = b""
    for part in parts:
        part = struct.pack(">Q", part) if isinstance(part, int) else part
        out += struct.pack(">I", len(part)) + part
    return out


def signed(key, record, domain):
    return {**record, "sig": url(key.sign(framed(domain.encode(), canonical(record))))}


def write(name, value):
    path = pathlib.Path(__file__).parent / f"{name}.json"
    path.write_text(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


device = "d" + sha(PUBLIC[1]).hex()[:32]
hub = "h" + sha(PUBLIC[0]).hex()[:32]
epoch = "1.0001020304050607"
hub_epoch = "1.08090a0b0c0d0e0f"
salt = bytes(range(16))
write("names", {
    "keys": [{"secret": s, "public": p.hex()} for s, p in zip(SECRETS, PUBLIC)],
    "hub": hub, "device": device, "random": bytes(range(8)).hex(), "epoch": epoch,
})

parts = [b"", b"hub", 7, sha(b"a")]
write("framing", {
    "domain": "countersign feed v1", "text": "hub", "integer": 7, "digest": named(sha(b"a")),
    "bytes": framed(b"countersign feed v1", *parts).hex(),
    "hash": named(sha(framed(b"countersign feed v1", *parts))),
})

entries, prev = [], ""
for seq, (kind, case, content) in enumerate([
    ("epoch", "", {"parent": "", "reason": "enrolled", "key": url(PUBLIC[1])}),
    ("note", "k" + "ab" * 16, {"text": "Grüße, 1 kg – \"quoted\""}),
], start=1):
    payload = salt + canonical(content)
    line = canonical({
        "case": case, "device": device, "epoch": epoch, "kind": kind,
        "payload": named(sha(payload)), "prev": prev, "seq": seq, "v": 1,
    })
    uid = sha(line)
    signature = DEVICE.sign(framed(b"countersign entry v1", uid))
    prev = named(uid)
    entries.append({
        "kind": kind, "case": case, "content": content, "payload": payload.hex(),
        "line": line.decode(), "uid": prev, "signature": url(signature),
        "records": f"entry {url(signature)} {line.decode()}\n"
        f"payload {named(sha(payload))} {len(payload)}\n",
    })
write("entry", {"salt": salt.hex(), "entries": entries})

feed, prefixes = "reviewer/anna", []
place = sha(framed(b"countersign feed v1", hub.encode(), hub_epoch.encode(), feed.encode()))
prefixes.append(named(place))
uids = [unnamed(entry["uid"]) for entry in entries]
for number, uid in enumerate(uids, start=1):
    place = sha(framed(b"countersign feed v1", place, number, uid))
    prefixes.append(named(place))
write("feed", {
    "hub": hub, "epoch": hub_epoch, "feed": feed, "uids": [named(u) for u in uids],
    "prefixes": prefixes,
})

head = {
    "epoch": hub_epoch, "feed": feed, "from": 0, "fromPrefix": prefixes[0], "to": 2,
    "toPrefix": prefixes[2], "count": 2, "more": False,
}
text = b"page " + canonical(signed(HUB, head, "countersign page v1")) + b"\n"
for number, entry in enumerate(entries, start=1):
    text += b"row %d " % number + canonical({"hubSeq": 40 + number}) + b"\n"
    text += entry["records"].encode() + bytes.fromhex(entry["payload"]) + b"\n"
write("page", {"head": head, "hubSeqs": [41, 42], "records": text.hex()})

results = [
    {"device": device, "epoch": epoch, "seq": 1, "result": "accepted", "code": ""},
    {"device": device, "epoch": epoch, "seq": 2, "result": "deferred", "code": "caseMissing"},
]
receipt = {
    "device": device, "epoch": epoch, "from": 1, "to": 2, "head": named(uids[1]),
    "results": named(sha(framed(b"countersign results v1", canonical(results)))),
    "hubEpoch": hub_epoch, "hubSeq": 42,
}
write("receipt", {
    "results": results, "digest": receipt["results"], "receipt": receipt,
    "signed": canonical(signed(HUB, receipt, "countersign receipt v1")).decode(),
})

greeting = {
    "hub": hub, "epoch": hub_epoch, "time": 1_800_000_000_000, "watermark": 0,
    "request": named(sha(b"body")), "limits": {"request": 2 << 20, "reply": 5_000_000},
}
write("greeting", {
    "request": named(sha(b"body")), "time": 1_800_000_000_000,
    "signed": canonical(signed(HUB, greeting, "countersign hub v1")).decode(),
})

line = canonical({
    "counts": [[-1, 1, 1, 1, 2], [85, 20, 0, 0, 7]], "device": device, "epoch": epoch,
    "head": named(uids[1]), "modelVersion": "m@1", "policyEpoch": 3, "segment": "email",
    "through": 2, "v": 1, "workflow": "refunds",
})
write("delta", {
    "line": line.decode(), "head": named(uids[1]),
    "signature": url(DEVICE.sign(framed(b"countersign delta v1", line))),
})

root, secret = named(sha(PUBLIC[0])), bytes(range(16, 32))
token = {"hub": "https://hub.example:8443", "root": root, "secret": url(secret)}
with_tls = {**token, "tls": named(sha(b"tls"))}
write("token", {
    "hub": token["hub"], "root": root, "secret": secret.hex(), "tls": with_tls["tls"],
    "plain": "cs1." + url(canonical(token)), "pinned": "cs1." + url(canonical(with_tls)),
})

digest = base64.b64encode(sha(b"body")).decode()
parameters = (
    '("@method" "@path" "content-digest" "countersign-hub")'
    f';created=1800000000;nonce="n-1";keyid="{device} {epoch}";alg="ed25519"'
)
base = "\n".join([
    '"@method": POST', '"@path": /v1/sync', f'"content-digest": sha-256=:{digest}:',
    f'"countersign-hub": {hub}', f'"@signature-params": {parameters}',
])
write("request", {
    "base": base, "created": 1_800_000_000, "nonce": "n-1", "digest": named(sha(b"body")),
    "headers": {
        "content-digest": f"sha-256=:{digest}:", "countersign-hub": hub,
        "signature-input": f"sig1={parameters}",
        "signature": f"sig1=:{base64.b64encode(DEVICE.sign(base.encode())).decode()}:",
    },
})


def small(number):
    return named(number.to_bytes(32, "big"))


# The story that OutcomeVectorTests tells: uids count from 1, a case brings three.
outcome = canonical({
    "v": 1, "case": "refunds/T-1029", "revision": small(800_001), "round": 1,
    "state": "disputed", "waitingFor": "third", "label": None, "output": None, "by": None,
    "counted": [small(4), small(5)], "uncounted": [{"uid": small(7), "reason": "afterRelease"}],
    "facts": [small(1), small(2), small(3), small(6)],
    "why": {"needed": 2, "opinions": 2, "sides": [
        {"label": "approve", "verdicts": [small(4)]}, {"label": "deny", "verdicts": [small(5)]},
    ]},
})
write("outcome", {"bytes": outcome.decode(), "hash": named(sha(outcome))})
