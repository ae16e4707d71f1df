"""gRPC servers with the health service of grpcio-health-checking, and one without.

Usage: grpc_server.py --version | PLAIN TLS BARE CERTIFICATE KEY

PLAIN, TLS and BARE are ports of 127.0.0.1 and ::1; BARE has no health service. CERTIFICATE and KEY are PEM files. Services: the
server as a whole and `shop.Catalogue` serve, `shop.Basket` does not, `shop.Late` does so after four seconds.
"""

import sys
import time
from concurrent import futures
from importlib.metadata import version

if sys.argv[1:] == ["--version"]:
    print(version("grpcio-health-checking"))
    sys.exit()

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
plain, tls, bare = sys.argv[1:4]
certificate, key = (open(path, "rb").read() for path in sys.argv[4:6])
servicer = health.HealthServicer()
for service, status in {"": SERVING, "shop.Catalogue": SERVING, "shop.Basket": NOT_SERVING, "shop.Late": NOT_SERVING}.items():
    servicer.set(service, status)


def server(port, credentials=None, with_health=True):
    made = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    if with_health:
        health_pb2_grpc.add_HealthServicer_to_server(servicer, made)
    for host in ("127.0.0.1", "[::1]"):
        place = f"{host}:{port}"
        bound = made.add_secure_port(place, credentials) if credentials else made.add_insecure_port(place)
        assert bound, place
    made.start()
    return made


servers = [
    server(plain),
    server(tls, grpc.ssl_server_credentials([(key, certificate)])),
    server(bare, with_health=False),
]
time.sleep(4)
servicer.set("shop.Late", SERVING)
servers[0].wait_for_termination()
