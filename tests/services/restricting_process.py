"""A second process that restricts a case, gives it another key and opens it up again, over and over, until killed."""

import sys
from pathlib import Path
from uuid import UUID

from laptop import Laptop

from familydesk.services.restriction import Why

folder, case, bota, saule = Path(sys.argv[1]), *map(UUID, sys.argv[2:5])
office = Laptop(folder).enter("bota")
while True:
    office.restricted.restrict(case, Why.THREAT, [bota, saule])
    print("restricted", flush=True)
    office.restricted.set_readers(case, [bota])
    print("another key", flush=True)
    office.restricted.open_up(case)
    print("opened up", flush=True)
