#!/usr/bin/python3
"""A notice board on loopback that keeps its notices in memory, with faults on demand.

Usage: server.py FOLDER [TOKEN [PORT]]

FOLDER/port     the port, once it listens
FOLDER/log      a line of JSON per request: method, path, authorization, body
FOLDER/faults   lines, one used per request, from the top:
                  STATUS [Name: value]   answer that, do nothing
                  lose                   do what is asked, then close without an answer
                  big                    do what is asked, answer with 4 MiB
                  wait                   do what is asked, and answer when FOLDER/go is there
                  to URL                 302 to the address
"""
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

folder = sys.argv[1]
token = sys.argv[2] if len(sys.argv) > 2 else None
notices = {}


def next_fault():
    path = os.path.join(folder, "faults")
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        return ""
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines[1:])
    return lines[0] if lines else ""


class Board(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, headers=(), body=b""):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def act(self, body):
        """What was asked: a status, headers, a body."""
        if token and self.headers.get("Authorization") != f"Bearer {token}":
            return 401, (), b""
        if self.command == "PUT":
            notices[self.path] = json.loads(body)
        elif self.path not in notices:
            return 404, (), b""
        elif self.command == "DELETE":
            del notices[self.path]
            return 204, (), b""
        notice = notices[self.path]
        return 200, (("ETag", f'"{notice["digest"]}"'), ("Location", self.path)), json.dumps(notice).encode()

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with open(os.path.join(folder, "log"), "a", encoding="utf-8") as log:
            entry = {"method": self.command, "path": self.path, "authorization": self.headers.get("Authorization"),
                     "body": body.decode()}
            log.write(json.dumps(entry) + "\n")
        fault = next_fault()
        if fault.startswith("to "):
            self.answer(302, [("Location", fault[3:])])
        elif fault == "lose":
            self.act(body)
            self.close_connection = True
        elif fault == "wait":
            done = self.act(body)
            while not os.path.exists(os.path.join(folder, "go")):
                time.sleep(0.02)
            self.answer(*done)
        elif fault == "big":
            self.answer(self.act(body)[0], (), b"x" * (4 << 20))
        elif fault:
            status, _, header = fault.partition(" ")
            self.answer(int(status), [header.split(": ")] if header else ())
        else:
            self.answer(*self.act(body))

    do_GET = do_PUT = do_DELETE = do_POST = handle_one


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[3]) if len(sys.argv) > 3 else 0), Board)
with open(os.path.join(folder, "port.new"), "w", encoding="utf-8") as file:
    file.write(str(server.server_port))
os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))
server.serve_forever()
