#!/usr/bin/python3
"""A web server on loopback that shows a folder, with faults on demand.

Usage: web.py FOLDER SITE

FOLDER/port     the port, once it listens
FOLDER/log      a line per request: the path
FOLDER/faults   a line is used per request, from the top:
                  STATUS       answer that, with an empty page
                  to PATH      302 to the path
                  show FILE    answer 200 with that file
                  wait         answer when FOLDER/go is there
"""
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

folder, site = sys.argv[1], os.path.realpath(sys.argv[2])


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


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Web(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", location=None):
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def show(self):
        path = os.path.realpath(os.path.join(site, self.path.lstrip("/"), "index.html"))
        if path.startswith(site + "/") and os.path.isfile(path):
            self.answer(200, read(path))
        else:
            self.answer(404, b"<h1>Not Found</h1>")

    def do_GET(self):
        with open(os.path.join(folder, "log"), "a", encoding="utf-8") as file:
            file.write(self.path + "\n")
        word, _, rest = next_fault().partition(" ")
        if word == "wait":
            while not os.path.exists(os.path.join(folder, "go")):
                time.sleep(0.02)
            self.show()
        elif word == "to":
            self.answer(302, location=rest)
        elif word == "show":
            self.answer(200, read(rest))
        elif word:
            self.answer(int(word))
        else:
            self.show()


server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
with open(os.path.join(folder, "port.new"), "w", encoding="utf-8") as file:
    file.write(str(server.server_port))
os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))
server.serve_forever()
