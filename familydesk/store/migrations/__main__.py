"""`python -m familydesk.store.migrations "the words of the step"`: write the next step from what the sheets now say."""

from __future__ import annotations

import sys

from familydesk.store.migrations.steps import draft

print(draft(" ".join(sys.argv[1:]) or "Another schema"))
