#!/usr/bin/python3
"""A mail server for tests: takes mails into a folder, or fails as the recipient's name says.

usage: smtp_sink.py FOLDER [CERTIFICATE KEY]

Listens on two ports of the loopback and prints them: one that wants STARTTLS and a log-in (referat, hemligt; only with a
certificate, else 0), one plain. A mail becomes FOLDER/000001.eml, with the envelope's recipient in 000001.to.

  later@   451 to RCPT          never@   550 to RCPT           busy@    421 to RCPT, and the connection ends
  temp@    451 to the text      refused@ 554 to the text       silent@  the text is taken, and the connection is cut
"""
import asyncio
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

RCPT = {"later": "451 4.7.1 come back later", "never": "550 5.1.1 no such mailbox", "busy": "421 4.7.0 too busy"}
DATA = {"temp": "451 4.3.0 try again", "refused": "554 5.7.1 not here"}


class Sink:
    def __init__(self, folder):
        self.folder = folder
        self.taken = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = RCPT.get(address.split("@")[0])
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server, session, envelope):
        who = envelope.rcpt_tos[0].split("@")[0]
        if who in DATA:
            return DATA[who]
        self.taken += 1
        name = os.path.join(self.folder, "%06d" % self.taken)
        with open(name + ".to", "w") as file:
            file.write("%s %s %s\n" % (envelope.rcpt_tos[0], bool(session.ssl), session.authenticated))
        with open(name + ".part", "wb") as file:
            file.write(envelope.original_content)
        os.rename(name + ".part", name + ".eml")
        if who == "silent":
            server.transport.abort()
        return "250 2.0.0 taken"


def authenticate(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"referat", b"hemligt")
    return AuthResult(success=good, handled=False)


async def main():
    folder = sys.argv[1]
    loop = asyncio.get_running_loop()
    handler = Sink(folder)

    def plain():
        return SMTP(handler, hostname="sink.test", enable_SMTPUTF8=True, loop=loop)

    def guarded():
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(sys.argv[2], sys.argv[3])
        return SMTP(handler, hostname="sink.test", enable_SMTPUTF8=True, tls_context=context, require_starttls=True,
                    authenticator=authenticate, auth_required=True, loop=loop)

    open_server = await loop.create_server(plain, "127.0.0.1", 0)
    guarded_port = 0
    if len(sys.argv) > 3:
        guarded_server = await loop.create_server(guarded, "127.0.0.1", 0)
        guarded_port = guarded_server.sockets[0].getsockname()[1]
    print(guarded_port, open_server.sockets[0].getsockname()[1], flush=True)
    await open_server.serve_forever()


asyncio.run(main())
