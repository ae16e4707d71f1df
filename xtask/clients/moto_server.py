"""moto's server, which has no option for its version.

Usage: moto_server.py --version | OPTION..., the options of moto_server
"""

import sys
from importlib.metadata import version

if sys.argv[1:] == ["--version"]:
    print(version("moto"))
    sys.exit()

from moto.server import main

main(sys.argv[1:])
