#!/usr/bin/python3
"""Checks the signature (AWS Signature Version 4) of each request, and passes it on to an S3 server, which does not.

Usage: s3_gate.py FOLDER PORT UPSTREAM KEY_ID SECRET     UPSTREAM is the S3 server's port; both on the loopback
       s3_gate.py --check                       the checker against the examples that Amazon has published

It also does what the server behind it leaves out: If-Match and If-None-Match (but for FOLDER/careless), clocks (its own
runs late by the seconds in FOLDER/late), keys that may read alone (FOLDER/read-only), and versions: with FOLDER/versions it keeps
what is replaced or deleted, lists it, a few at a time, and deletes it. A bucket may be
called by its name in front of the host's. FOLDER/log has a line per request.
"""
import datetime
import hashlib
import hmac
import http.client
import os
import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signature(secret, scope, method, target, headers, names):
    """The signature that a request must have; scope is "date/region/s3/aws4_request"."""
    address = urlsplit(target)
    query = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}"
                     for k, v in sorted(parse_qsl(address.query, keep_blank_values=True)))
    lines = "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in names)
    canonical = "\n".join([method, address.path, query, lines, ";".join(names), headers["x-amz-content-sha256"]])
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        key = mac(key, part)
    return mac(key, "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, digest])).hex()


def check_examples():
    """docs.aws.amazon.com, "Signature Calculations for the Authorization Header", the examples GET and PUT Object."""
    secret, scope = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524/us-east-1/s3/aws4_request"
    common = {"host": "examplebucket.s3.amazonaws.com", "x-amz-date": "20130524T000000Z"}
    empty = hashlib.sha256(b"").hexdigest()
    body = hashlib.sha256(b"Welcome to Amazon S3.").hexdigest()
    get = {**common, "range": "bytes=0-9", "x-amz-content-sha256": empty}
    put = {**common, "date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-content-sha256": body,
           "x-amz-storage-class": "REDUCED_REDUNDANCY"}
    assert signature(secret, scope, "GET", "/test.txt", get, sorted(get)) == \
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    assert signature(secret, scope, "PUT", "/test%24file.text", put, sorted(put)) == \
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"


def error(code):
    return f"<?xml version=\"1.0\"?>\n<Error><Code>{code}</Code><Message>x</Message></Error>".encode()


def has(name):
    return os.path.exists(os.path.join(folder, name))


def is_skewed(date):
    """By the quarter of an hour that Amazon allows."""
    sent = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    late = 0
    if has("late"):
        with open(os.path.join(folder, "late"), encoding="utf-8") as file:
            late = int(file.read())
    return abs((datetime.datetime.now(datetime.timezone.utc) - sent).total_seconds() - late) > 900


versions = []  # [key, id, is a delete marker, body], the newest first


def version_list(bucket, prefix):
    """The answer to GET BUCKET?versions, as docs.aws.amazon.com has it under ListObjectVersions: two at a time."""
    found = [(key, "null" if not has("versions") else number, marker) for key, number, marker, _ in versions
             if key.startswith(f"{bucket}/{prefix}")]
    newest = {}
    lines = [f'<?xml version="1.0"?><ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>{bucket[1:]}</Name>'
             f"<IsTruncated>{str(len(found) > 3).lower()}</IsTruncated>"]
    for key, number, marker in found[:3]:
        kind = "DeleteMarker" if marker else "Version"
        is_latest = str(newest.setdefault(key, number) == number).lower()
        lines.append(f"<{kind}><Key>{escape(key[len(bucket) + 1:])}</Key><VersionId>{number}</VersionId>"
                     f"<IsLatest>{is_latest}</IsLatest></{kind}>")
    return ("".join(lines) + "</ListVersionsResult>").encode()


def keep_version(key, marker, body):
    if not has("versions"):
        versions[:] = [one for one in versions if one[0] != key]
    versions.insert(0, [key, f"v/{len(versions)}+{time.time_ns()}", marker, body])


class Gate(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, headers=(), body=b""):
        with open(os.path.join(folder, "log"), "a", encoding="utf-8") as log:
            condition = self.headers.get("If-Match") or self.headers.get("If-None-Match") or "-"
            log.write(f"{self.command} {self.path} {status} {condition}\n")
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def is_signed(self, headers, body):
        found = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/]+)/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)",
                             headers.get("authorization", ""))
        if not found or found[1] != key_id or headers.get("x-amz-content-sha256") != hashlib.sha256(body).hexdigest():
            return False
        names = found[3].split(";")
        needed = {"host", "x-amz-date", "x-amz-content-sha256"}
        return needed <= set(names) <= set(headers) and \
            signature(secret, found[2], self.command, self.path, headers, names) == found[4]

    def ask(self, method, headers, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request(method, self.path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("ETag", ""), answer.getheader("Content-Type", ""), answer.read()

    def handle_one(self):
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        if not self.is_signed(headers, body):
            self.answer(403, body=error("SignatureDoesNotMatch"))
            return
        if is_skewed(headers["x-amz-date"]):
            self.answer(403, body=error("RequestTimeTooSkewed"))
            return
        if has("read-only") and self.command != "GET":
            self.answer(403, body=error("AccessDenied"))
            return
        if headers["host"].startswith("beslut."):
            self.path = "/beslut" + self.path
        address = urlsplit(self.path)
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        if "versions" in query and not has("plain"):
            bucket = address.path.rstrip("/")
            self.answer(200 if bucket == "/beslut" else 404, body=version_list(bucket, query["prefix"]))
            return
        if "versionId" in query:
            versions[:] = [one for one in versions if one[1] != query["versionId"]]
            self.answer(204)
            return
        passed = {name: value for name, value in headers.items() if name == "content-type"}
        status, etag, _, _ = self.ask("HEAD", {})
        if not has("careless") and (("if-match" in headers and headers["if-match"] != etag) or
                                    (headers.get("if-none-match") == "*" and status == 200)):
            self.answer(412, body=error("PreconditionFailed"))
            return
        status, etag, kind, answer = self.ask(self.command, passed, body)
        if self.command != "GET" and status < 300:
            keep_version(unquote(address.path), self.command == "DELETE", body)
        self.answer(status, [("ETag", etag), ("Content-Type", kind)], b"" if status == 204 else answer)

    def do_HISTORY(self):
        """For the tests, unsigned: the texts of all versions of the key."""
        self.answer(200, body=b"\n".join(body for key, _, _, body in versions if key == unquote(self.path)))

    do_GET = do_PUT = do_DELETE = handle_one


if sys.argv[1] == "--check":
    check_examples()
    sys.exit(0)
folder, listen, port, key_id, secret = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]
ThreadingHTTPServer(("127.0.0.1", listen), Gate).serve_forever()
