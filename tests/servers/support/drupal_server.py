#!/usr/bin/python3
"""A stand-in for Drupal: articles behind JSON:API, as its documentation and its source say, and strictly; pages for visitors.

Usage: drupal_server.py FOLDER PORT     on the loopback

What it keeps to: media types (406, 415), Basic authentication (who is not known is nobody, and is challenged where nobody may),
errors as JSON:API has them, ids of clients (409), validation before that (422), a PATCH that names its id (400), no change
while there is a working copy (400), read-only as it is installed (FOLDER/read-only: 405), a revision for each change, texts
that a format filters when they are shown. With FOLDER/moderated a workflow decides what is published, and a draft of a
published page is a working copy.

POST /editor/WHAT {…} is what a person does: edit, hide, remove, draft, forget. GET /editor/nodes is all that there is.
"""
import base64
import html
import json
import os
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

folder, port = sys.argv[1], int(sys.argv[2])
passwords = {"referat": "hemligt", "gast": "gast"}
media = "application/vnd.api+json"
collection = "/jsonapi/node/article"
formats = {"full_html": lambda text: text,
           "basic_html": lambda text: re.sub(r"<(?!/?(p|a|em|strong|ul|ol|li|h[2-6])\b)[^>]*>", "", text),
           "plain_text": lambda text: "<p>" + html.escape(text) + "</p>",
           "censored": lambda text: text.replace("ja", "")}
reasons = {400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
           409: "Conflict", 415: "Unsupported Media Type", 422: "Unprocessable Content"}
nodes = {}


class Refused(Exception):
    def __init__(self, status, detail, pointer=None):
        super().__init__(detail)
        self.status, self.pointer = status, pointer


def has(name):
    return os.path.exists(os.path.join(folder, name))


def resource(node):
    body = {**node["body"], "processed": formats[node["body"]["format"]](node["body"]["value"])}
    attributes = {"drupal_internal__nid": node["nid"], "drupal_internal__vid": len(node["revisions"]), "langcode": "sv",
                  "title": node["title"], "body": body, "status": node["status"],
                  "path": {"alias": node["alias"], "pid": None, "langcode": "sv"}}
    if has("moderated"):
        attributes["moderation_state"] = "published" if node["status"] else "draft"
    return {"jsonapi": {"version": "1.0"}, "data": {"type": "node--article", "id": node["id"], "attributes": attributes}}


def checked(document, method):
    """The attributes of a document that may be stored."""
    data = document.get("data") or {}
    if data.get("type") != "node--article":
        raise Refused(409, "the type does not match that of the endpoint")
    attributes = data.get("attributes", {})
    state = "moderation_state" if has("moderated") else "status"
    for name in attributes:
        if name == "status" and has("moderated"):
            raise Refused(403, f"The current user is not allowed to {method} the selected field (status).", "/data/attributes/status")
        if name not in ("title", "body", state):
            raise Refused(422, f"The attribute {name} does not exist on the node--article resource type.")
    if method == "POST" and not attributes.get("title"):
        raise Refused(422, "title: This value should not be null.", "/data/attributes/title")
    if len(attributes.get("title", "")) > 255:
        raise Refused(422, "title: Title: may not be longer than 255 characters.", "/data/attributes/title")
    if attributes.get("body", {"format": "full_html"}).get("format") not in formats:
        raise Refused(422, "body.0.format: The value you selected is not a valid choice.", "/data/attributes/body/format")
    if attributes.get("moderation_state", "draft") not in ("draft", "published", "archived"):
        raise Refused(422, "moderation_state: the state does not exist", "/data/attributes/moderation_state")
    return data.get("id"), attributes


def store(node, attributes):
    """A draft of what is published is a working copy, beside it."""
    state = attributes.pop("moderation_state", None)
    if state == "draft" and node["status"]:
        node["draft"] = True
        return node
    node.update(attributes)
    if state:
        node["status"] = state == "published"
    node["revisions"].append({"title": node["title"], "body": node["body"]})
    return node


class Drupal(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=None, kind=media, headers=()):
        text = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def user(self):
        kind, _, value = self.headers.get("Authorization", "").partition(" ")
        if kind != "Basic":
            return None
        name, _, password = base64.b64decode(value).decode().partition(":")
        return name if passwords.get(name) == password else None

    def may(self, allowed):
        if allowed:
            return
        if not self.user():
            raise Refused(401, "")
        raise Refused(403, "The current user is not allowed to do that.", "/data")

    def entry_point(self):
        user = self.user()
        me = {"me": {"meta": {"id": user}, "href": f"http://{self.headers['Host']}/jsonapi/user/user/{user}"}}
        self.answer(200, {"jsonapi": {"version": "1.0"}, "data": [], "meta": {"links": me} if user else {},
                          "links": {"node--article": {"href": f"http://{self.headers['Host']}{collection}"}}})

    def create(self, body):
        self.may(self.user() == "referat")
        identifier, attributes = checked(json.loads(body), "POST")
        if identifier in nodes:
            raise Refused(409, "Conflict: Entity already exists.")
        nid = 1 + max([node["nid"] for node in nodes.values()], default=0)
        node = {"id": identifier or f"server-{nid}", "nid": nid, "alias": None, "status": not has("moderated"), "draft": False,
                "body": {"value": "", "summary": "", "format": "plain_text"}, "revisions": []}
        nodes[node["id"]] = store(node, attributes)
        self.answer(201, resource(node), headers=[("Location", f"http://{self.headers['Host']}{collection}/{node['id']}")])

    def change(self, node, body):
        self.may(self.user() == "referat")
        if node["draft"]:
            raise Refused(400, "Updating a resource object that has a working copy is not yet supported.")
        identifier, attributes = checked(json.loads(body), "PATCH")
        if identifier != node["id"]:
            raise Refused(400, "The selected entity does not match the ID in the payload.")
        self.answer(200, resource(store(node, attributes)))

    def jsonapi(self, path, body):
        if media not in self.headers.get("Accept", ""):
            raise Refused(406, "no such format")
        if self.command in ("POST", "PATCH") and self.headers.get("Content-Type") != media:
            raise Refused(415, "no such type of content")
        if path == "/jsonapi":
            return self.entry_point()
        if self.command != "GET" and has("read-only"):
            raise Refused(405, "JSON:API is configured to accept only read operations.")
        if path == collection and self.command == "POST":
            return self.create(body)
        node = nodes.get(path.removeprefix(collection + "/")) if path.startswith(collection + "/") else None
        if not node:
            raise Refused(404, "The \"entity\" parameter was not converted for the path.")
        if self.command == "GET":
            self.may(node["status"] or self.user() == "referat")
            return self.answer(200, resource(node))
        if self.command == "PATCH":
            return self.change(node, body)
        self.may(self.user() == "referat")
        del nodes[node["id"]]
        return self.answer(204)

    def editor(self, what, body):
        given = json.loads(body or "{}")
        chosen = [node for node in nodes.values() if f"referat:{given.get('document')}:" in node["body"]["value"]]
        if what == "nodes":
            return self.answer(200, list(nodes.values()), "application/json")
        for node in chosen:
            if what == "edit":
                store(node, {"body": {**node["body"], "value": given["html"]}})
            node.update({"hide": {"status": False}, "draft": {"draft": True}, "alias": {"alias": given.get("alias")}}.get(what, {}))
            if what == "remove":
                del nodes[node["id"]]
        if what == "forget":
            nodes.clear()
        return self.answer(204)

    def page(self, path):
        node = next((node for node in nodes.values() if path in (f"/node/{node['nid']}", node["alias"])), None)
        if not node or not node["status"]:
            return self.answer(403 if node else 404, "<h1>Nej</h1>", "text/html")
        processed = resource(node)["data"]["attributes"]["body"]["processed"]
        return self.answer(200, f"<!DOCTYPE html><html lang=\"sv\"><head><meta charset=\"utf-8\"><title>{html.escape(node['title'])}</title>"
                           f"</head><body><main><h1>{html.escape(node['title'])}</h1>{processed}</main></body></html>", "text/html")

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            if self.path.startswith("/editor/"):
                return self.editor(self.path[8:], body)
            if self.path.startswith("/jsonapi"):
                return self.jsonapi(self.path, body)
            return self.page(self.path)
        except Refused as refused:
            if refused.status == 401:
                return self.answer(401, {"message": "No authentication credentials provided."}, "application/json",
                                   [("WWW-Authenticate", 'Basic realm="Exempelby"')])
            error = {"title": reasons[refused.status], "status": str(refused.status), "detail": str(refused)}
            if refused.pointer:
                error["source"] = {"pointer": refused.pointer}
            return self.answer(refused.status, {"jsonapi": {"version": "1.0"}, "errors": [error]})

    do_GET = do_POST = do_PATCH = do_DELETE = handle_one


ThreadingHTTPServer(("127.0.0.1", port), Drupal).serve_forever()
