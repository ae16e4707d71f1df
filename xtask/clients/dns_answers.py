"""A name server that answers as servers should not, by dnslib; a name's first label says how.

Usage: dns_answers.py --version | ADDRESS PORT

Names: `servfail`, `refused`, `nodata`; `half4` has an address of IPv4 and SERVFAIL for IPv6, `half6` the reverse; `no6` has an
address of IPv4 and does not exist for IPv6. Every other name does not exist.
"""

import sys
import threading
from importlib.metadata import version

if sys.argv[1:] == ["--version"]:
    print(version("dnslib"))
    sys.exit()

from dnslib import AAAA, QTYPE, RCODE, RR, A
from dnslib.server import BaseResolver, DNSLogger, DNSServer

# By kind of question: an address, or the code of a refusal.
V4, V6 = A("127.0.0.2"), AAAA("::1")
ANSWERS = {
    "servfail": {"A": RCODE.SERVFAIL, "AAAA": RCODE.SERVFAIL},
    "refused": {"A": RCODE.REFUSED, "AAAA": RCODE.REFUSED},
    "nodata": {},
    "half4": {"A": V4, "AAAA": RCODE.SERVFAIL},
    "half6": {"A": RCODE.SERVFAIL, "AAAA": V6},
    "no6": {"A": V4, "AAAA": RCODE.NXDOMAIN},
}


class Resolver(BaseResolver):
    def resolve(self, request, handler):
        reply = request.reply()
        kind = QTYPE[request.q.qtype]
        answers = ANSWERS.get(str(request.q.qname).split(".")[0])
        answer = RCODE.NXDOMAIN if answers is None else answers.get(kind)
        if isinstance(answer, int):
            reply.header.rcode = answer
        elif answer is not None:
            reply.add_answer(RR(request.q.qname, request.q.qtype, rdata=answer, ttl=0))
        return reply


quiet = DNSLogger(logf=lambda _: None)
for tcp in (False, True):
    DNSServer(Resolver(), address=sys.argv[1], port=int(sys.argv[2]), tcp=tcp, logger=quiet).start_thread()
threading.Event().wait()
