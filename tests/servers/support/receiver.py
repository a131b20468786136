#!/usr/bin/python3
"""A receiver on loopback: a collection of articles that gives its own ids, and an ear for webhooks and hubs.

Usage: receiver.py FOLDER

FOLDER/port        the port, once it listens
FOLDER/N.json      the Nth request: method, path, headers (names in lower case)
FOLDER/N.body      its body, byte for byte
FOLDER/faults      a line is used per request, from the top:
                     STATUS [Name: value]   answer that, do nothing
                     after STATUS           do what is asked, then answer that: a gateway that gave up
                     html, empty, huge      do what is asked; 200 with a page, with nothing, with 20 MB
                     lose                   do what is asked, then close without an answer
                     to URL                 302 to the address

POST /articles             201, {"data": {"id": …, "link": …}}; an id of its own each time
PUT, GET, DELETE /articles/ID
GET /articles?key=KEY      200, a list of those whose body has that "key"
anything else              204
"""
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

folder = sys.argv[1]
articles = {}
pages = {"html": b"<!DOCTYPE html><title>Logga in</title>", "empty": b"", "huge": b"<p>Aktuella beslut</p>" * 800000}
counts = {"requests": 0, "articles": 0}


def next_fault():
    path = os.path.join(folder, "faults")
    try:
        with open(path, encoding="utf-8") as file:
            first, _, rest = file.read().partition("\n")
    except FileNotFoundError:
        return ""
    with open(path, "w", encoding="utf-8") as file:
        file.write(rest)
    return first


def shown(number):
    return {"data": {"id": number, "link": f"https://exempelby.example/artiklar/{number}"}, "stored": articles[number]}


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def record(self, body):
        counts["requests"] += 1
        base = os.path.join(folder, str(counts["requests"]))
        with open(base + ".body", "wb") as file:
            file.write(body)
        headers = {name.lower(): value for name, value in self.headers.items()}
        with open(base + ".new", "w", encoding="utf-8") as file:
            json.dump({"method": self.command, "path": self.path, "headers": headers}, file)
        os.rename(base + ".new", base + ".json")

    def act(self, body):
        """What was asked: a status, a body."""
        address = urlsplit(self.path)
        collection, _, name = address.path.strip("/").partition("/")
        if collection != "articles":
            return 204, b""
        if self.command == "POST":
            counts["articles"] += 1
            number = counts["articles"]
            articles[number] = json.loads(body)
            return 201, json.dumps(shown(number)).encode()
        if not name:
            key = parse_qs(address.query).get("key", [""])[0]
            found = [shown(number) for number, stored in articles.items() if stored.get("key") == key]
            return 200, json.dumps(found).encode()
        number = int(name)
        if number not in articles:
            return 404, b"<h1>Not Found</h1>"
        if self.command == "DELETE":
            del articles[number]
            return 204, b""
        if self.command == "PUT":
            articles[number] = json.loads(body)
        return 200, json.dumps(shown(number)).encode()

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.record(body)
        fault = next_fault()
        if fault.startswith("to "):
            self.answer(302, headers=[("Location", fault[3:])])
        elif fault.startswith("after ") or fault in pages:
            self.act(body)
            self.answer(200 if fault in pages else int(fault[6:]), pages.get(fault, b"<h1>Nej</h1>"))
        elif fault == "lose":
            self.act(body)
            self.close_connection = True
        elif fault:
            status, _, header = fault.partition(" ")
            self.answer(int(status), b"<h1>Nej</h1>", [header.split(": ", 1)] if header else ())
        else:
            self.answer(*self.act(body))

    do_GET = do_PUT = do_DELETE = do_POST = do_PATCH = handle_one


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
with open(os.path.join(folder, "port.new"), "w", encoding="utf-8") as file:
    file.write(str(server.server_port))
os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))
server.serve_forever()
