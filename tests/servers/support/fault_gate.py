#!/usr/bin/python3
"""Passes requests on to a server, and loses answers when it is told to.

Usage: fault_gate.py FOLDER PORT UPSTREAM     both on the loopback

Each line of FOLDER/faults is one fault, used once and in this order:
    METHOD PATH before|after WHAT
PATH is how the path starts. WHAT is a status, "html" or "empty" (200 with that body), "drop" (the connection ends), or
"wait" (until FOLDER/go is there). "after" is when the server has done what it was asked to: the answer is lost. With
FOLDER/one-in-three a third of all answers to what is below FOLDER/one-in-three's path is lost, the same ones by their
order; FOLDER/answers counts.
"""
import http.client
import os
import sys
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

folder, port, upstream = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
lock = threading.Lock()
kept_back = {"connection", "transfer-encoding", "content-length", "keep-alive"}


def place(name):
    return os.path.join(folder, name)


def listed_fault(method, path, when):
    """The first fault of the list, when it is about this request."""
    with lock:
        if not os.path.exists(place("faults")):
            return None
        with open(place("faults"), encoding="utf-8") as file:
            lines = file.read().splitlines()
        if not lines:
            return None
        its_method, its_path, its_when, what = lines[0].split()
        if its_method != method or not path.startswith(its_path) or its_when != when:
            return None
        with open(place("faults"), "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in lines[1:]))
        return what


def fault_of_three(path):
    with lock:
        if not os.path.exists(place("one-in-three")):
            return None
        with open(place("one-in-three"), encoding="utf-8") as file:
            if not path.startswith(file.read().strip()):
                return None
        count = 1
        if os.path.exists(place("answers")):
            with open(place("answers"), encoding="utf-8") as file:
                count += int(file.read())
        with open(place("answers"), "w", encoding="utf-8") as file:
            file.write(str(count))
    chance = zlib.crc32(f"answer {count}".encode())
    return None if chance % 3 else ["500", "502", "503", "504", "html", "empty", "drop"][chance // 3 % 7]


class Gate(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, headers, body):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def make(self, what):
        """Whether this took the place of the answer."""
        page = b"<!DOCTYPE html><title>Logga in</title>"
        if what == "wait":
            while not os.path.exists(place("go")):
                time.sleep(0.02)
            return False
        if what == "drop":
            self.close_connection = True
        elif what in ("html", "empty"):
            self.answer(200, [("Content-Type", "text/html")], page if what == "html" else b"")
        else:
            self.answer(int(what), [("Content-Type", "text/html"), ("Retry-After", "1")], page)
        return True

    def ask(self, body):
        headers = {name: value for name, value in self.headers.items() if name.lower() not in kept_back}
        connection = http.client.HTTPConnection("127.0.0.1", upstream)
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, [pair for pair in answer.getheaders() if pair[0].lower() not in kept_back], text

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        what = listed_fault(self.command, self.path, "before")
        if what and self.make(what):
            return
        answer = self.ask(body)
        what = listed_fault(self.command, self.path, "after") or fault_of_three(self.path)
        if not what or not self.make(what):
            self.answer(*answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_one
    do_PATCH = do_MKCOL = do_MOVE = do_PROPFIND = do_LOCK = do_UNLOCK = handle_one


ThreadingHTTPServer(("127.0.0.1", port), Gate).serve_forever()
