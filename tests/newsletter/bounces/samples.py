"""Reports in the shapes that servers give them, written for these tests."""

from textwrap import dedent

READER = "river@example.net"
SENT = "<0123456789abcdef0123456789abcdef@example.org>"
UNKNOWN = f"550 5.1.1 <{READER}>: Recipient address rejected: User unknown in virtual mailbox table"


def _bytes(text: str) -> bytes:
    return dedent(text).lstrip("\n").replace("\n", "\r\n").encode()


def original(message_id: str = SENT, recipient: str = READER) -> str:
    return (
        f"From: GN Store <shop@example.org>\nTo: {recipient}\nSubject: GN Store: news\n"
        f"Message-ID: {message_id}\nDate: Sat, 21 Nov 2026 09:00:00 +0000\n"
    )


def report(
    *blocks: str,
    message_id: str = SENT,
    recipient: str = READER,
    human: str = "Your mail did not arrive.",
    headers_only: bool = False,
    own_id: str = "<report-1@mx.example.net>",
) -> bytes:
    """Return a report of RFC 3464 with these blocks for its recipients."""
    machine = "Reporting-MTA: dns; mx.example.net\n\n" + "\n\n".join(blocks)
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    quoted = original(message_id, recipient) + ("" if headers_only else "\nHello.\n")
    return (
        (
            "From: Mail Delivery System <MAILER-DAEMON@mx.example.net>\n"
            "To: shop@example.org\nSubject: Undelivered Mail Returned to Sender\n"
            f"Message-ID: {own_id}\nDate: Sat, 21 Nov 2026 10:00:00 +0000\n"
            "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="edge"\n\n'
            f"--edge\nContent-Type: text/plain; charset=us-ascii\n\n{human}\n\n"
            f"--edge\nContent-Type: message/delivery-status\n\n{machine}\n\n"
            f"--edge\nContent-Type: {kind}\n\n{quoted}\n--edge--\n"
        )
        .replace("\n", "\r\n")
        .encode()
    )


def block(
    *,
    status: str = "5.1.1",
    action: str = "failed",
    diagnostic: str = f"smtp; {UNKNOWN}",
    recipient: str = READER,
) -> str:
    return (
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: {diagnostic}"
    )


def postfix(**changed: str) -> bytes:
    human = (
        "This is the mail system at host mx.example.net.\n\n"
        f"<{READER}>: host mail.example.net[192.0.2.1] said: {UNKNOWN}"
    )
    return report(block(), human=human, **changed)  # type: ignore[arg-type] # words alone


def exim() -> bytes:
    """Exim before it spoke RFC 3464: a header names who failed, the text quotes the mail."""
    return _bytes(
        f"""
        From: Mail Delivery System <Mailer-Daemon@mx.example.net>
        To: shop@example.org
        Subject: Mail delivery failed: returning message to sender
        X-Failed-Recipients: {READER}
        Auto-Submitted: auto-replied
        Message-Id: <E1aBcDe-0001Ab-CD@mx.example.net>
        Date: Sat, 21 Nov 2026 10:00:00 +0000

        This message was created automatically by mail delivery software.

        A message that you sent could not be delivered to one or more of its
        recipients. This is a permanent error. The following address(es) failed:

          {READER}
            host mail.example.net [192.0.2.1]
            SMTP error from remote mail server after RCPT TO:<{READER}>:
            550 5.1.1 No such user here

        ------ This is a copy of the message's headers. ------

        Return-path: <shop@example.org>
        From: GN Store <shop@example.org>
        To: {READER}
        Message-ID: {SENT}

        Hello.
        """
    )


def exchange() -> bytes:
    """Exchange says in HTML what happened, and answers the mail that did not arrive."""
    return _bytes(
        f"""
        From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.net>
        To: shop@example.org
        Subject: Undeliverable: GN Store: news
        Message-ID: <ndr-77@example.net>
        In-Reply-To: {SENT}
        References: {SENT}
        Date: Sat, 21 Nov 2026 10:00:00 +0000
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="_edge_"

        --_edge_
        Content-Type: multipart/alternative; boundary="_inner_"

        --_inner_
        Content-Type: text/plain; charset="us-ascii"
        Content-Transfer-Encoding: quoted-printable

        Your message to {READER} couldn=92t be delivered. River wasn=92t found at example.net.

        --_inner_
        Content-Type: text/html; charset="us-ascii"

        <html><body>Your message couldn't be delivered.</body></html>

        --_inner_--
        --_edge_
        Content-Type: message/delivery-status

        Reporting-MTA: dns;EX01.example.net
        Received-From-MTA: dns;mx.example.org

        Original-Recipient: rfc822;{READER}
        Final-Recipient: rfc822;river@internal.example.net
        Action: failed
        Status: 5.1.10
        Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP

        --_edge_--
        """
    )


def gmail() -> bytes:
    human = (
        "** Address not found **\n\n"
        f"Your message wasn't delivered to {READER} because the address couldn't be found."
    )
    diagnostic = (
        "smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try\n"
        "    550-5.1.1 double-checking the recipient's email address for typos or\n"
        "    550 5.1.1 unnecessary spaces."
    )
    return report(block(diagnostic=diagnostic), human=human)


def old_gmail() -> bytes:
    return _bytes(
        f"""
        From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
        To: shop@example.org
        Subject: Delivery Status Notification (Failure)
        X-Failed-Recipients: {READER}
        Message-ID: <001a11c3e0b2@google.com>
        Date: Sat, 21 Nov 2026 10:00:00 +0000
        Content-Type: text/plain; charset=ISO-8859-1

        Delivery to the following recipient failed permanently:

             {READER}

        Technical details of permanent failure:
        The error that the other server returned was:
        550 5.2.1 The email account that you tried to reach is disabled.

        ----- Original message -----

        From: GN Store <shop@example.org>
        To: {READER}
        Message-ID: {SENT}
        """
    )


def qmail(reason: str = "Sorry, no mailbox here by that name. (#5.1.1)") -> bytes:
    return _bytes(
        f"""
        From: MAILER-DAEMON@mx.example.net
        To: shop@example.org
        Subject: failure notice
        Date: 21 Nov 2026 10:00:00 -0000

        Hi. This is the qmail-send program at mx.example.net.
        I'm afraid I wasn't able to deliver your message to the following addresses.
        This is a permanent error; I've given up. Sorry it didn't work out.

        <{READER}>:
        {reason}

        --- Below this line is a copy of the message.

        Return-Path: <shop@example.org>
        From: GN Store <shop@example.org>
        Message-ID: {SENT}
        To: {READER}

        Hello.
        """
    )


def complaint(kind: str = "abuse", message_id: str = SENT) -> bytes:
    """Return a report of RFC 5965, as feedback loops send them."""
    return _bytes(
        f"""
        From: feedback@isp.example.net
        To: shop@example.org
        Subject: FW: GN Store: news
        Message-ID: <arf-9@isp.example.net>
        Date: Sat, 21 Nov 2026 10:00:00 +0000
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="edge"

        --edge
        Content-Type: text/plain; charset="US-ASCII"

        This is an email abuse report for a message received from 192.0.2.9.

        --edge
        Content-Type: message/feedback-report

        Feedback-Type: {kind}
        User-Agent: SomeGenerator/1.0
        Version: 1
        Original-Rcpt-To: <{READER}>

        --edge
        Content-Type: message/rfc822

        From: GN Store <shop@example.org>
        To: <{READER}>
        Subject: GN Store: news
        Message-ID: {message_id}

        Hello.

        --edge--
        """
    )


def holiday_reply() -> bytes:
    return _bytes(
        f"""
        From: {READER}
        To: shop@example.org
        Subject: Out of office
        Auto-Submitted: auto-replied (vacation)
        Message-ID: <away-1@example.net>
        In-Reply-To: {SENT}

        I am away until Monday.
        """
    )


def letter() -> bytes:
    return _bytes(
        f"""
        From: River <{READER}>
        To: shop@example.org
        Subject: The shirt
        Message-ID: <letter-1@example.net>

        Hello, my last parcel could not be delivered. Is there another way?
        """
    )


EVERY = {
    "Postfix": postfix(),
    "Exim": exim(),
    "Exchange": exchange(),
    "Gmail": gmail(),
    "Gmail as it was": old_gmail(),
    "qmail": qmail(),
}
