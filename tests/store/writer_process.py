"""A second process that saves people until it is killed, telling each id only once it is committed."""

import sys
from pathlib import Path
from uuid import UUID

from familydesk.core.settings import Settings
from familydesk.records.person import IinAbsence
from familydesk.records.staff_member import StaffMember
from familydesk.services import first_tables
from familydesk.services.office import Office
from familydesk.store.database import Database
from familydesk.store.privileged import Privileged

ACTOR = UUID(int=1)

path, key, surname = Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3]
database = Database.open(path, key)
database.actor, database.privileged = ACTOR, Privileged(ACTOR, {ACTOR: key})
database.capturing = False
with database.write() as session:
    if session.get(StaffMember, ACTOR) is None:
        session.add(first_tables.head(ACTOR, "Оспанова Гүлнар", "head"))
database.capturing = True
office = Office(database, path.parent, Settings(path.parent / "settings.json"))
count = 0
while True:
    count += 1
    values = {
        "surname": surname,
        "given": f"Әйгерім {count}",
        "iin_absence": IinAbsence.REFUSED,
        "remarks": surname * 40,
    }
    person = office.desk.save("person", values).id
    office.drafts.save("person", person, values)
    print(person.hex, flush=True)
